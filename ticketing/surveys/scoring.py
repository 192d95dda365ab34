"""Which score somebody means who was asked how it was. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

LOWEST, HIGHEST = 1, 5
LOW = 2
"""Up to here somebody looks at what went wrong."""

_NUMERALS = {"零": 0, "一": 1, "二": 2, "两": 2, "俩": 2, "三": 3, "四": 4, "五": 5}
_NUMBER = r"(\d{1,3}(?:\.\d)?|[零一二两俩三四五])"
_OUT_OF = re.compile(rf"(?:满分|总分|最高)(?:是|为)?\s*{_NUMBER}\s*分[,，、 ]*")
_POINTS = re.compile(rf"(?<![\d.第]){_NUMBER}\s*(?:分(?!钟|之|拣|拨|部|公司|店|开|手)|颗?星(?!期))")
_BARE = re.compile(rf"(?:我?(?:打|给|评|选|回复?)\s*)?{_NUMBER}[\s。.!！~、吧啊哦]*")
_STARS = re.compile("[⭐★\U0001f31f]\ufe0f?")
_FILLER = re.compile(r"[\s,，。.!！~、;；:：]|吧|啊|哦|打|给|评|我|分|星|的|了")
# What the web chat's survey card sends; nobody writes like this by hand.
_CARD = re.compile(r"评分 ([1-5]) 分(?:：(.+))?", re.DOTALL)
_SHORTEST_REMARK, _LONGEST_ANSWER = 2, 120
# A number as long as a waybill's, or words that ask for something: not an answer, or not only.
_PHONE = re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)")
_WISH = re.compile(
    r"[0-9A-Za-z]{8,}|[?？]|吗|(?<!不)怎么|什么时候|多久|多少|帮我|帮忙|麻烦|请|查|催(?![了过])|投诉|人工|客服电话|退款|退货|"
    r"赔|改地址|拦截|开发票|我要|我想|能不能|可不可以|可以.*么"
)


@dataclass(frozen=True)
class Reading:
    """What was understood; no score where it was unclear. `text` is what was said beside it."""

    score: int | None
    text: str | None = None


def read(text: str, *, just_asked: bool = True) -> Reading:
    """Return the score of an answer such as `5分`, `五星好评`, `差评，太慢了` or `1`.

    Unclear is whatever asks for something, and, where something else was said since the
    question (`just_asked` is false), whatever does not name points or stars.
    """
    if card := _CARD.fullmatch(text.strip()):
        return Reading(int(card[1]), card[2])
    said = unicodedata.normalize("NFKC", text).strip()
    if len(said) > _LONGEST_ANSWER or _WISH.search(_PHONE.sub("", said)):
        return Reading(None)
    score = _stars(said) or _points(said, may_be_bare=just_asked)
    if score is not None:
        return Reading(score, text.strip() if _says_more(said) else None)
    score = _by_words(said) if just_asked else None
    return Reading(score, text.strip() if score is not None else None)


def _stars(said: str) -> int | None:
    count = len(_STARS.findall(said))
    return min(count, HIGHEST) or None


def _points(said: str, *, may_be_bare: bool) -> int | None:
    """Return the one number of points that is given; several different ones are unclear."""
    rest = _OUT_OF.sub("", said)
    bare = _BARE.fullmatch(rest) if may_be_bare else None
    numbers = [bare[1]] if bare else _POINTS.findall(rest)
    given = {_clamped(number) for number in numbers}
    return given.pop() if len(given) == 1 else None


def _clamped(number: str) -> int:
    points = float(_NUMERALS[number]) if number in _NUMERALS else float(number)
    return max(LOWEST, min(HIGHEST, int(points + 0.5)))


def _by_words(said: str) -> int | None:
    scores = [_words()[hit] for hit in _any_word().findall(said)]
    if not scores:
        return None
    lowest, highest = min(scores), max(scores)
    if lowest <= LOW < LOW + 1 < highest:
        return LOW + 1
    return lowest if lowest <= LOW else highest


def _says_more(said: str) -> bool:
    rest = _FILLER.sub("", _BARE.sub("", _POINTS.sub("", _STARS.sub("", said)), count=1))
    return len(rest) >= _SHORTEST_REMARK


@cache
def _words() -> dict[str, int]:
    table: dict[int, list[str]] = yaml.safe_load(
        Path(__file__).with_name("words.yml").read_text("utf-8")
    )
    return {word: score for score, words in table.items() for word in words}


@cache
def _any_word() -> re.Pattern[str]:
    longest_first = sorted(_words(), key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))
