"""A customer's text as the intent classifier reads it: one script, one width, numbers by kind."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from opencc import OpenCC

from bot.components.halfwidth import halfwidth

# What chat platforms glue to a message; it says nothing about the wish.
_TAGS = (
    re.compile(
        r"\[?咨询订单号:?\s*[0-9A-Za-z-]+|订单金额:?\s*[\d.]+\s*元?|下单时间:?\s*[\d年月日号点时分:\s-]*\]?"
    ),
    re.compile(r"京东快递\(移动端\)|\(移动端\)|来自.{1,6}客户端|\[(?:图片|表情|语音|链接|视频)\]"),
)
# The first kind that fits names the number; each becomes one sign of its own.
_KINDS: Sequence[tuple[re.Pattern[str], str]] = (
    (re.compile(r"[Tt]\d{14}(?!\d)"), "\ue001"),
    (re.compile(r"(?<!\d)1[3-9]\d[\d*]{8}(?!\d)"), "\ue002"),
    (re.compile(r"[A-Za-z]{0,5}\d[0-9A-Za-z]{7,}|[A-Za-z]{2,5}\d{5,}"), "\ue003"),
    (re.compile(r"\d+(?:\.\d+)?"), "0"),
)
_SPACES = re.compile(r"\s+")
_REPEATED = re.compile(r"([^\w\s])\1+|(\w)\2{3,}")


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def plain(text: str) -> str:
    """The text in simplified signs, half-width, lower case, without tags, numbers by their kind.

    A text that is nothing but tags keeps them.
    """
    folded = halfwidth(_simplifier().convert(text))
    bare = folded
    for tag in _TAGS:
        bare = tag.sub(" ", bare)
    bare = bare if bare.strip() else folded
    for kind, sign in _KINDS:
        bare = kind.sub(sign, bare)
    once = _REPEATED.sub(lambda found: (found[1] or found[2]) * 2, bare)
    return _SPACES.sub(" ", once).strip().lower()
