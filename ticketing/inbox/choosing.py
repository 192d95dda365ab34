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
_ANOTHER_MATTER = re.compile(
    r"如果|要是|除非|另|别的|什么|怎么|不要|不是|帮我|查|催|想问|问一下|[A-Z]{2}\d{6}"
)
_CONDITIONS = re.compile(
    r"\d|[一二两三四五六七八九十百千几](?:块|元|百|千|十)|至少|加到|再加|只要|太少|太低|不够"
)
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
    clauses = [each for each in _CLAUSES.split(text) if _TAIL.sub("", each)]
    made = [(choice, clause) for clause in clauses if (choice := _made(words, clause))]
    if len({choice.label for choice, _ in made}) > 1:
        return None
    # The clause that names the choice itself: in 太少了，我不同意 the reason comes first.
    for choice, clause in sorted(made, key=lambda pair: pair[0].label not in pair[1])[:1]:
        others = [each for each in clauses if each != clause]
        if _may_stand_among(choice, others):
            return Chosen(choice.value, "，".join(others))
    for word, choice in words:
        rests = [_rest(word, text), _rest(word, _begun(text))]
        rest = next((each for each in rests if each is not None), None)
        if rest is not None and not _is_bargain(choice, rest):
            return Chosen(choice.value, rest)
    return _loosely(asked, said(text)) if just_asked else None


def _made(words: Sequence[tuple[str, Choice]], clause: str) -> Choice | None:
    """Return the choice a clause makes and does nothing else."""
    forms = (clause, _begun(clause))
    found = (choice for word, choice in words if "" in [_rest(word, form) for form in forms])
    return next(found, None)


def _may_stand_among(choice: Choice, others: Sequence[str]) -> bool:
    """Tell whether a choice is one in the company of other clauses: 太少了，我不同意.

    Not where they speak of conditions or of another matter, and 收到 is said of anything.
    """
    if not others:
        return True
    about = "，".join(others)
    is_open = isinstance(choice.value, bool) or _ANOTHER_MATTER.search(about)
    return not is_open and not _is_bargain(choice, about)


def _is_bargain(choice: Choice, rest: str) -> bool:
    """Tell whether a consent names terms of its own: 加到300，可以."""
    return not choice.label.startswith("不") and _CONDITIONS.search(rest) is not None


def _begun(text: str) -> str:
    return _LEAD.sub("", text)


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
