"""The choices of a component."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from ticketing.forms.form import Choice

MOST_CHOICES = 200
SYNONYMS = "synonyms."
"""Before a choice's value, in the component's custom properties: what else customers call it."""

Complain = Callable[[str], None]


def is_yes_or_no(rows: Any) -> bool:
    """Whether the choices are true and false: unlike a checkbox it may be left open."""
    if not isinstance(rows, list) or len(rows) != 2:
        return False
    values = [row.get("value") for row in rows if isinstance(row, dict)]
    return any(value is True for value in values) and any(value is False for value in values)


def read_choices(
    rows: Any, said: Mapping[str, str], complain: Complain, *, truths: bool = False
) -> tuple[Choice, ...]:
    """Return the choices; complain of what is wrong with them. `truths` are true and false."""
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_CHOICES:
        complain(f"values 应有 1 到 {MOST_CHOICES} 个选项")
        return ()
    wanted = bool if truths else str
    found = [_choice(row, said, wanted, complain) for row in rows]
    choices = tuple(choice for choice in found if choice is not None)
    if len({choice.value for choice in choices}) < len(choices):
        complain("values 里有重复的 value")
    return choices


def _choice(
    row: Any, said: Mapping[str, str], wanted: type[str | bool], complain: Complain
) -> Choice | None:
    value = row.get("value") if isinstance(row, dict) else None
    label = row.get("label", value) if isinstance(row, dict) else None
    if not isinstance(value, wanted) or value == "" or not isinstance(label, str) or not label:
        complain("每个选项要有文字的 value 和 label；是否题用 true 和 false")
        return None
    if len(str(value)) > 100 or len(label) > 200:
        complain("选项的 value 最多 100 字，label 最多 200 字")
        return None
    words = said.get(f"{SYNONYMS}{str(value).lower() if value in (True, False) else value}", "")
    return Choice(value, label, tuple(word for word in re.split(r"[、,，\s]+", words) if word))
