"""Forms filled in with as little as they take: what an agent in a hurry would enter."""

from __future__ import annotations

from typing import Any

from ticketing.forms import walk
from ticketing.forms.form import FieldKind
from ticketing.forms.shipped import shipped

_SAYS: dict[FieldKind, Any] = {
    FieldKind.TEXT: "好的",
    FieldKind.LONG_TEXT: "已经核实清楚，按规定办理",
    FieldKind.NUMBER: 50,
    FieldKind.YES_NO: True,
    FieldKind.DATE: "2026-11-30",
    FieldKind.TIME: "10:00",
    FieldKind.DATETIME: "2026-11-30T10:00",
}


def filled(name: str, **given: Any) -> dict[str, Any]:
    """Return answers to a shipped form: those given, and the least for everything required."""
    form = shipped()[name]
    answers: dict[str, Any] = dict(given)
    while (question := walk.next_question(form, answers)) is not None:
        answers[question.key] = _least(question) if question.required else None
    return {key: value for key, value in answers.items() if value is not None}


def _least(question: walk.Question) -> Any:
    if question.kind is FieldKind.CHOICES:
        return [question.choices[0].value]
    return question.choices[0].value if question.choices else _SAYS[question.kind]
