"""Whether a message asks for a person, by words that managers write down. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import pairwise
from pathlib import Path
from unicodedata import normalize

import yaml

_CLAUSES = re.compile(r"[,.!?;:~。，！？；：、…—\n]+")
_BLANKS = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_FILLERS = (
    "(?:给我|帮我|替我|给|帮|再|又|去|来|你们?|您|我们?|急着|马上"
    "|现在|立刻|直接|老是?|总是?|一直|打算|着急|叫|找|转|换|接|喊|请|联系)*"
)
_NO = (
    r"(?:(?<!要)不要|不用|用不着|不想|不需要|不必|无需|无须|(?<![特分级区性个告辨识])别|甭|先不|暂不|暂时不"
    r"|没要|没说要|没让|没叫|没想|取消|不是要|不是想|拒绝|不肯|不愿意?|谁要|(?<![要何可])不|不需|(?<!有)没有?)"
)
_BEFORE = re.compile(f"{_NO}{_FILLERS}$")
_LONG_AGO = re.compile(r"(?:刚才|刚刚|之前|上次|上回|昨天|前天|早上|已经|曾经).{0,6}$")
_AFTER = re.compile(
    r"^(?:客服|服务|坐席)?(?:的话|的事|就|也|都|先|暂时)*"
    r"(?:不用|不需要|不必|算了|免了|不要了|就不了|别了|的时候|之后说|后说|以后说)"
)
_NO_MORE = re.compile(
    r"(?:不用|不要|不需要|不必|别|取消|不想|不)(?:再)?(?:转|找|等|排|叫|要)?(?:人工|真人|客服|排队|队)(?!机器)"
    r"|^(?:那)?(?:算了|不用了|不等了|不排了|不转了|不找了)(?:吧|谢谢|[。!！,，])*$"
)
_HOW_LONG = re.compile(
    r"(?:等|排|轮)(?:到|到我|我)?(?:要|还要|得|了)?(?:多久|几分钟|多长时间|几个人|多少人|几位|第几)"
    r"|^(?:还要|要|得|大概|大约)*(?:多久|多长时间|几分钟)|前面(?:还)?有?(?:几|多少)"
    r"|(?:什么时候|啥时候|几时)(?:能)?(?:到|轮到|排到|有人|有客服)|到我了吗|轮到我了"
)
_IDLE = re.compile(
    r"^(?:(?:那|就|我)*(?:算了|谢谢|多谢|好的?|行|没事|不好意思|抱歉|麻烦|辛苦|打扰|不用|不要|再见|拜拜)"
    r"(?:了|吧|啦|哈|啊|哦|你们?|您|客服|谢谢)*"
    r"|(?:那|还是|我|先|就)*自己.{0,6}"
    r"|.{0,6}(?:再说|再来|再看|再问|再联系|再找).{0,4}"
    r"|.{0,6}(?:解决|弄好|搞定|找到|收到|处理好|明白|知道)了.?)$"
)
_SHORTEST = 4
"""Fewer letters are no matter of their own."""
_LEAD = re.compile(
    r"^(?:我们?|请|麻烦|帮我?|给我?|能不能|可以|可不可以|能|想|要|需要|我?要求|快点?|赶紧|马上|直接|还是|那|就|算了|好吧?|行|"
    r"你好|您好|喂|来|叫|个|一下|位|呢)+"
)
_TAIL = re.compile(
    r"(?:[了的吧啊呀哦噢呢哈嘛吗么呗]|谢谢(?:你们?|您)?|在吗|在不在|在哪|有吗|有没有|来|呼叫|一下|快点?|服务)+$"
)


class Match(StrEnum):
    """How a wording has to stand in a message."""

    WHOLE = "whole"
    CONTAINS = "contains"


@dataclass(frozen=True)
class Wording:
    """Words that ask for a person."""

    text: str
    match: Match


@dataclass(frozen=True)
class Words:
    """All wordings in force."""

    whole: frozenset[str]
    contains: tuple[str, ...]

    @classmethod
    def of(cls, wordings: Sequence[Wording]) -> Words:
        """Return the wordings folded, the longest first."""
        folded = {(folded_text(each.text), each.match) for each in wordings}
        whole = frozenset(text for text, match in folded if text and match is Match.WHOLE)
        among = {text for text, match in folded if text and match is Match.CONTAINS}
        return cls(whole, tuple(sorted(among, key=lambda text: (-len(text), text))))


def asks_for_a_person(text: str, words: Words) -> bool:
    """Tell whether a message asks for a person; what is denied or told of the past does not."""
    return any(_asks(piece, words) for piece in _CLAUSES.split(normalize("NFKC", text)))


def takes_it_back(text: str) -> bool:
    """Tell whether somebody who waits for a person does not want one any more."""
    return _NO_MORE.search(folded_text(text)) is not None


def beside_taking_it_back(text: str) -> str:
    """Return what else somebody says who does not want a person any more; nothing for thanks."""
    pieces = (piece.strip() for piece in _CLAUSES.split(normalize("NFKC", text)))
    return "，".join(each for each in pieces if not takes_it_back(each) and not _is_idle(each))


def asks_how_long(text: str) -> bool:
    """Tell whether somebody who waits asks how long it will take yet."""
    return _HOW_LONG.search(folded_text(text)) is not None


def is_angry(text: str) -> bool:
    """Tell whether a message that asks for a person is an angry one."""
    whole = normalize("NFKC", text).lower()
    return any(word in whole for word in _shipped()["angry"])


def folded_text(text: str) -> str:
    """Return a text as it is compared: half-width, small letters, no blanks."""
    return re.sub(r"\s+", "", normalize("NFKC", text)).lower()


@cache
def shipped() -> tuple[Wording, ...]:
    """Return the wordings a new house begins with."""
    written = _shipped()
    return tuple(Wording(text, match) for match in Match for text in written[match])


@cache
def _shipped() -> dict[str, list[str]]:
    read: dict[str, list[str]] = yaml.safe_load(
        Path(__file__).with_name("words.yml").read_text("utf-8")
    )
    return read


def _is_idle(piece: str) -> bool:
    return len(piece) < _SHORTEST or _IDLE.match(folded_text(piece)) is not None


def _asks(piece: str, words: Words) -> bool:
    clause = folded_text(piece)
    if any(_is_wished(clause, word) for word in words.contains):
        return True
    return any(_is_whole(part, words) for part in _parts(piece))


def _parts(piece: str) -> Iterator[str]:
    """Yield a clause, and what blanks part in it (不想跟你说 人工) unless that is denied there."""
    yield folded_text(piece)
    parts = _BLANKS.split(piece.strip().lower())
    yield from (after for before, after in pairwise(["", *parts]) if not _BEFORE.search(before))


def _is_whole(clause: str, words: Words) -> bool:
    bare = _TAIL.sub("", _LEAD.sub("", clause))
    return bool(words.whole & {clause, bare, _TAIL.sub("", clause)})


def _is_wished(clause: str, word: str) -> bool:
    at = clause.find(word)
    while at >= 0:
        before, after = clause[:at], clause[at + len(word) :]
        is_denied = _BEFORE.search(before) or _LONG_AGO.search(before) or _AFTER.match(after)
        if not is_denied:
            return True
        at = clause.find(word, at + 1)
    return False
