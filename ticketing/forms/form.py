"""The frozen types a checked form is made of."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from ticketing.expressions.service import Expression, ExpressionFailed
from ticketing.forms.patterns import Pattern


class FieldKind(StrEnum):
    """What sort of answer a field takes."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    YES_NO = "yes_no"
    CHOICE = "choice"
    CHOICES = "choices"
    DATE = "date"
    TIME = "time"
    DATETIME = "datetime"
    FILES = "files"


@dataclass(frozen=True)
class Choice:
    """One of the answers to choose from; `synonyms` are what else customers call it.

    The value is true or false where a yes-or-no question has words of its own.
    """

    value: str | bool
    label: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What an answer must keep to; None is no limit of the form's own.

    `least` and `most` bound a number, `shortest` and `longest` the characters of a text,
    `most_files` the number of files; `accept` lists extensions and media types.
    """

    least: float | None = None
    most: float | None = None
    decimal_digits: int | None = None
    shortest: int | None = None
    longest: int
    pattern: Pattern | None = None
    format: str | None = None
    not_in_the_past: bool = False
    most_files: int = 1
    accept: tuple[str, ...] = ()


@dataclass(frozen=True)
class Field:
    """One thing that is asked. `hides` are the conditions under which it is not there,
    those of the groups around it included; one that is `fixed` is shown and never asked.
    """

    key: str
    label: str
    kind: FieldKind
    required: bool
    hint: str
    question: str
    limits: Limits
    choices: tuple[Choice, ...] = ()
    hides: tuple[Expression, ...] = ()
    fixed: bool = False

    def is_hidden(self, facts: Mapping[str, Any]) -> bool:
        """Whether a condition hides it; one that cannot be answered hides nothing."""
        return any(_is_true(condition, facts) for condition in self.hides)


@dataclass(frozen=True)
class Form:
    """A checked form: its fields in order, and the schema exactly as form-js reads it.

    `version` is a hash of the content, `source` the schema as canonical JSON.
    """

    name: str
    version: str
    title: str
    fields: tuple[Field, ...]
    source: str

    @property
    def schema(self) -> dict[str, Any]:
        """The schema for form-js."""
        schema: dict[str, Any] = json.loads(self.source)
        return schema

    def field(self, key: str) -> Field | None:
        """The field of that key."""
        return next((field for field in self.fields if field.key == key), None)


def _is_true(condition: Expression, facts: Mapping[str, Any]) -> bool:
    try:
        return condition.holds(facts)
    except ExpressionFailed:
        return False
