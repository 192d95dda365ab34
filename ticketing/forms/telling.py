"""Answers to a form as people read them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ticketing.forms.form import Field, FieldKind, Form

_YES_NO = {True: "是", False: "否"}


def told(form: Form | None, data: Mapping[str, Any]) -> Sequence[tuple[str, str]]:
    """Return question and answer in words, in the order of the form; what it lacks, by its key."""
    fields = {field.key: field for field in form.fields} if form else {}
    keys = [key for key in fields if key in data] + [key for key in data if key not in fields]
    answered = [key for key in keys if data[key] is not None]
    return [(_label(fields.get(key), key), _words(fields.get(key), data[key])) for key in answered]


def _label(field: Field | None, key: str) -> str:
    return field.label if field is not None and field.label else key


def _words(field: Field | None, value: Any) -> str:
    if isinstance(value, list):
        if field is not None and field.kind is FieldKind.FILES:
            return f"{len(value)} 个文件"
        return "、".join(_words(field, each) for each in value)
    choices = {choice.value: choice.label for choice in field.choices} if field else {}
    if isinstance(value, str | bool) and value in choices:
        return choices[value]
    return _YES_NO[value] if isinstance(value, bool) else str(value)
