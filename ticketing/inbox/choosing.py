"""Which choice a message makes, where it is an answer and nothing else. Pure.

A question of ours may stay open for days. Taking a message for its answer that is none would
do something the customer never said, so loose words count only right after the question.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ticketing.forms.form import Choice
from ticketing.forms.spoken_choices import said
from ticketing.forms.walk import Question

_BREAKS = "，。！!？?,.；; 、：:\n"
_CLAUSES = re.compile(f"[{_BREAKS}]+")
_TAIL = re.compile(r"(?:[了的吧啊呀哦噢呢哈]|谢谢(?:你们?|您)?)+$")
_LEAD = re.compile(r"^(?:[，,、。 ]|我们?|还是|不好意思|抱歉|那|其实)*")
_NUMBER = re.compile(r"(?:我?选)?第?([1-9一二三四五六七八九])(?:个|项)?")
_CHINESE = "一二三四五六七八九"
_YES = frozenset(
    {"是", "是的", "对", "对的", "嗯", "嗯嗯", "好", "好的", "有", "收到", "yes", "ok"}
)
_NO = frozenset(
    {"不", "不是", "否", "没", "没有", "还没", "还没有", "没呢", "还没呢", "没收到", "no"}
)


@dataclass(frozen=True)
class Chosen:
    """The value of a choice, and what the customer said beyond it."""

    value: Any
    more: str = ""


def choose(asked: Question, text: str, *, just_asked: bool) -> Chosen | None:
    """Return what a message chooses; nothing when it is about something else."""
    words = tuple(_worded(asked, synonyms=just_asked))
    by_name = _among([pair for pair in words if pair[0] == pair[1].label], text)
    if by_name is not None:
        return by_name
    begun = _LEAD.sub("", text)
    for word, choice in words:
        rest = _rest(word, begun)
        if rest is not None:
            return Chosen(choice.value, rest)
    return _among(words, text) or (_loosely(asked, said(text)) if just_asked else None)


def _among(words: Sequence[tuple[str, Choice]], text: str) -> Chosen | None:
    """Return the choice that one of several clauses makes: 太少了，我不同意。"""
    clauses = [each for each in _CLAUSES.split(text) if _TAIL.sub("", each)]
    made: dict[Any, str] = {}
    for clause in clauses:
        begun = _LEAD.sub("", clause)
        chosen = next((choice for word, choice in words if _rest(word, begun) == ""), None)
        if chosen is not None:
            made.setdefault(chosen.value, clause)
    if len(made) != 1:
        return None
    ((value, choosing),) = made.items()
    return Chosen(value, "，".join(each for each in clauses if each != choosing))


def _worded(asked: Question, *, synonyms: bool) -> Iterator[tuple[str, Choice]]:
    """The words that stand for a choice, the longest first: 不同意 before 同意."""
    pairs = [
        (word, choice)
        for choice in asked.choices
        for word in (choice.label, *(choice.synonyms if synonyms else ()))
    ]
    yield from sorted(pairs, key=lambda pair: -len(pair[0]))


def _rest(word: str, text: str) -> str | None:
    """Return what follows a word that a text begins with, if it is a sentence of its own."""
    if _TAIL.sub("", said(text)) in (said(word), _TAIL.sub("", said(word))):
        return ""
    head, rest = text[: len(word)], text[len(word) :]
    if head.lower() != word.lower() or rest[:1] not in _BREAKS:
        return None
    return rest.strip(_BREAKS)


def _loosely(asked: Question, heard: str) -> Chosen | None:
    number = _NUMBER.fullmatch(heard)
    if number is not None:
        place = _CHINESE.find(number[1]) + 1 or int(number[1])
        inside = place <= len(asked.choices)
        return Chosen(asked.choices[place - 1].value) if inside else None
    for words, value in ((_YES, True), (_NO, False)):
        meant = [choice for choice in asked.choices if choice.value is value]
        if meant and heard in words:
            return Chosen(value)
    return None
