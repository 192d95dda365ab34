"""Decisions in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ticketing.expressions.wording import value_in_words
from ticketing.rules.catalog import answer_label, purposes, words_for
from ticketing.rules.table import Outcome, plain


def fired_rows(outcome: Outcome) -> list[dict[str, Any]]:
    """Return what is kept of the rules that fired."""
    return [{"rule": rule.id, "row": rule.number, "when": rule.words} for rule in outcome.fired]


def in_sentences(fired: Sequence[Mapping[str, Any]], outputs: Sequence[Any]) -> list[str]:
    """Return e.g. `当 类型 = 破损 且 声明价值 ≥ 1000 → 队列 理赔` for each rule that fired."""
    each = outputs if len(outputs) == len(fired) else [*outputs[:1]] * len(fired)
    return [
        f"当 {row['when']} → {answer_in_words(answer)}"
        for row, answer in zip(fired, each, strict=False)
    ]


def answer_in_words(answer: Mapping[str, Any]) -> str:
    """Return the outputs of a rule in words; empty ones are left out."""
    told = [
        f"{answer_label(name)} {worded(name, value)}"
        for name, value in answer.items()
        if value is not None
    ]
    return "，".join(told) or "（空）"


def worded(name: str, value: Any) -> str:
    """Return a value of a fact or an output in words."""
    if isinstance(value, (list, dict)):
        return str(plain(value))
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:g}" if abs(value) < 1e6 and value == round(value, 2) else str(value)
    return value_in_words(value, words_for(name))


def table_label(table: str) -> str:
    """Return the Chinese name of a table."""
    found = purposes().get(table)
    return found.label if found else table
