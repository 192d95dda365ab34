"""Choices as people make them: 1, 第二个, B, a label, a synonym, 不接受, 是, 跳过."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from ticketing.forms.form import Choice
from ticketing.forms.spoken_numbers import chinese_number

_LONGEST = 300
_INDEX = re.compile(
    r"(?:我?选|我要)?(?:择|了)?第?(\d{1,3}|[一二三四五六七八九十两]{1,3})(?:个|项|号|条|种|吧|\.|、|那个)*"
)
_LETTER = re.compile(r"(?:我?选)?([a-h])(?:项|吧)?")
_NEGATION = re.compile(r"(?:不|没|没有|并非|不是|别|无|未|不想|不要|不能|不愿意?)$")
_ALL = frozenset({"全部", "都有", "都是", "全都有", "全都是", "全选", "所有", "都选"})
_NONE = frozenset({"都没有", "都不是", "没有", "无", "没", "都没", "一个都没有", "都不要"})
_SEPARATOR = re.compile(r"[,，、;；/\s]+|和|以及|还有|跟|与|加上")
_SKIP_ONLY = frozenset(
    {"跳过", "略过", "下一个", "下一步", "不填", "先不填", "不用填", "不提供", "skip"}
)
_SKIP = _SKIP_ONLY | {
    *("暂无", "暂时没有", "没有", "没有了", "没", "没了", "无", "不用", "不用了", "不需要"),
    *("不清楚", "不知道", "不记得", "忘了", "none", "no"),
}
_YES = re.compile(
    r"(?:没问题|没错|不错|是|对|好|嗯|恩|行|可以|能|同意|要|需要|有|确认|愿意|当然|已经?|买了|保了|勾选|成"
    r"|yes|ok|okay|sure|y|true|1|👌|✅|√).*"
)
_NO = re.compile(r"(?:不|没|否|别|无|未|算了|no|nope|n|false|2|0|❌).*")
_YES_LONGEST = 12
_SILENT = re.compile(r"[\s，。！？、；：,.!?;:~～…“”\"'()（）【】]+")


def said(text: str) -> str:
    """Return a text for comparing: without spaces, punctuation, width and capitals."""
    return _SILENT.sub("", unicodedata.normalize("NFKC", text[:_LONGEST])).lower()


def skips(text: str, *, firmly: bool = False) -> bool:
    """Whether somebody passes a question over; `firmly` when 没有 would be an answer to it."""
    return said(text) in (_SKIP_ONLY if firmly else _SKIP)


def yes_or_no(text: str) -> bool | None:
    """Return what a short answer means; None when it is neither."""
    heard = said(text)
    if not heard or len(heard) > _YES_LONGEST:
        return None
    if _YES.fullmatch(heard):
        return True
    return False if _NO.fullmatch(heard) else None


def pick(choices: Sequence[Choice], text: str) -> Choice | None:
    """Return the one choice a text means, by its words first, then by its number."""
    heard = said(text)
    exact = [choice for choice in choices if heard in _exact_words(choice)]
    if len(exact) == 1:
        return exact[0]
    number = _number(heard)
    if number is not None:
        return choices[number - 1] if 1 <= number <= len(choices) else None
    if heard in ("最后一个", "最后一项"):
        return choices[-1]
    named = mentioned(choices, text)
    if len(named) == 1:
        return named[0]
    return _begun(choices, heard) if not named else None


def pick_several(choices: Sequence[Choice], text: str) -> list[Choice] | None:
    """Return the choices a text means, in their order; [] for none of them, None if unclear."""
    heard = said(text)
    if heard in _ALL:
        return list(choices)
    one = pick(choices, text)
    parts = [part for part in _SEPARATOR.split(unicodedata.normalize("NFKC", text)) if part]
    if one is None and heard in _NONE:
        return []
    if len(parts) > 1:
        found = [pick(choices, part) for part in parts]
        if all(each is not None for each in found):
            return [choice for choice in choices if choice in found]
    if one is not None:
        return [one]
    return mentioned(choices, text) or None


def mentioned(choices: Sequence[Choice], text: str) -> list[Choice]:
    """Return the choices whose words stand in a text, not denied and not within longer words."""
    heard = said(text)
    spans = [
        (at, at + len(word), choice)
        for choice in choices
        for word in _words(choice)
        for at in _places(word, heard)
    ]
    found = [
        choice
        for start, end, choice in spans
        if not any(_within((start, end), other[:2]) for other in spans)
        and not _NEGATION.search(heard[:start])
    ]
    return [choice for choice in choices if choice in found]


def _places(word: str, text: str) -> list[int]:
    return [at for at in range(len(text)) if text.startswith(word, at)]


def _within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1] and outer != inner


def _exact_words(choice: Choice) -> set[str]:
    own = {said(choice.value)} if isinstance(choice.value, str) else set()
    return own | _words(choice)


def _words(choice: Choice) -> set[str]:
    words = {said(word) for word in (choice.label, *choice.synonyms)}
    short = said(re.sub(r"[（(].*", "", choice.label))
    return {word for word in (*words, short) if word}


def _number(heard: str) -> int | None:
    letter = _LETTER.fullmatch(heard)
    if letter:
        return ord(letter[1]) - ord("a") + 1
    index = _INDEX.fullmatch(heard)
    if index is None:
        return None
    value = int(index[1]) if index[1].isdecimal() else chinese_number(index[1])
    return None if value is None else int(value)


def _begun(choices: Sequence[Choice], heard: str) -> Choice | None:
    """The one choice that has the text within its label: 保价 of 有保价."""
    if len(heard) < 2 or _NEGATION.search(heard[:1]):
        return None
    near = [choice for choice in choices if heard in said(choice.label)]
    return near[0] if len(near) == 1 else None
