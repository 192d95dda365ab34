"""Which ready-made replies are near to what a customer said, by words they share. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ticketing.tickets.terms import dictionary

_LITTLE = frozenset(
    (
        *("您好", "你好", "我们", "你们", "可以", "一下", "这个", "那个", "什么"),
        *("怎么", "现在", "已经", "还是", "就是", "请问", "谢谢", "没有", "时候"),
    )
)
_LEAST = 2
"""Characters of a word that says something."""
_KNOWN_TEXTS = 1000


@dataclass(frozen=True)
class Near:
    """A text that is near, and the words it shares."""

    place: int
    """Of the text among those compared."""
    words: tuple[str, ...]


def nearest(said: str, texts: Sequence[str], most: int) -> Sequence[Near]:
    """Return the texts that share most words with what was said, longest shared words first."""
    wanted = _words(said)
    near = [Near(n, tuple(sorted(wanted & _words(text)))) for n, text in enumerate(texts)]
    found = sorted((each for each in near if each.words), key=_weight)
    return found[:most]


def _weight(near: Near) -> tuple[int, int]:
    return -sum(map(len, near.words)), near.place


@lru_cache(_KNOWN_TEXTS)
def _words(text: str) -> frozenset[str]:
    """Return the words of a text; the ready-made ones are asked for with every message."""
    cut: Iterable[str] = dictionary().cut_for_search(text)
    return frozenset(word for word in cut if len(word) >= _LEAST and word not in _LITTLE)
