"""A form filled in as a talk: one question a message, answers as people write them.

Pure: who walks keeps `answers`, key → value, None for a question that was passed over.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from ticketing.forms import spoken_choices, spoken_times
from ticketing.forms.checking import visible
from ticketing.forms.form import Choice, Field, FieldKind, Form
from ticketing.forms.spoken_numbers import number_in
from ticketing.forms.values import Known, NotFit, value_of
from ticketing.kernel.errors import HouseError

_PIECE = re.compile(r"[A-Za-z0-9@._+%-]+")
_ANSWER_IN_SUMMARY = 200
_YES, _NO = "是", "否"


class AnswerNotUnderstood(HouseError):
    """The answer does not fit the question; the message says kindly how it would."""

    status, code = 422, "answer_not_understood"

    def __init__(self, key: str, detail: str) -> None:
        super().__init__(detail, key=key)


@dataclass(frozen=True)
class Question:
    """What is asked next. `label` is a short name, `text` the whole message to send."""

    key: str
    label: str
    kind: FieldKind
    choices: tuple[Choice, ...]
    required: bool
    hint: str
    text: str
    field: Field

    @property
    def spoken(self) -> str:
        """The message to send where the choices are shown as buttons."""
        return self.text.partition("\n")[0] if self.choices else self.text

    @property
    def buttons(self) -> tuple[dict[str, str], ...]:
        """The choices as buttons that say what they are labelled."""
        return tuple({"title": each.label, "payload": each.label} for each in self.choices)


def next_question(
    form: Form, answers: Mapping[str, Any], *, required_only: bool = False
) -> Question | None:
    """Return the first visible question without an answer, None when all are answered."""
    for field in visible(form, answers):
        if field.fixed or field.key in answers or (required_only and not field.required):
            continue
        return question_of(field)
    return None


def question_of(field: Field) -> Question:
    """Return a field as it is asked in a talk."""
    usual = _HINTS[FieldKind.CHOICE] if field.choices else ""
    hint = field.hint or _HINTS.get(field.kind, usual)
    asked = field.question or _asked(field)
    lines = [asked, *(f"{n}. {c.label}" for n, c in enumerate(field.choices, 1))]
    if hint:
        lines.append(f"（{hint}）")
    if not field.required:
        lines.append("（没有的话回复“跳过”）")
    return Question(
        field.key,
        field.label,
        field.kind,
        field.choices,
        field.required,
        hint,
        "\n".join(lines),
        field,
    )


def read_answer(question: Question, text: str, today: date | None = None) -> Any:
    """Return the answer a message gives, None when an optional question is passed over.

    Raises `AnswerNotUnderstood`. Without `today`, days such as 昨天 or 11月20日 are not understood.
    Files come as a list of their ids beside the talk: `answers[key] = ids`.
    """
    field = question.field
    firmly = field.kind in (FieldKind.YES_NO, FieldKind.CHOICE, FieldKind.CHOICES)
    if not field.required and spoken_choices.skips(text, firmly=firmly):
        return None
    read = _READERS[field.kind](field, text, today)
    try:
        value = value_of(field, read, Known(today=today))
    except NotFit as not_fit:
        raise AnswerNotUnderstood(field.key, f"{field.label}：{not_fit}。{question.hint}") from None
    return value


def summary(form: Form, answers: Mapping[str, Any]) -> str:
    """Return what was answered, a line a field, to be confirmed."""
    lines = [
        f"{field.label}：{shown(field, answers[field.key])}"
        for field in visible(form, answers)
        if answers.get(field.key) not in (None, [], "")
    ]
    return "\n".join(lines)


def shown(field: Field, value: Any) -> str:
    """Return an answer as people read it."""
    if field.kind is FieldKind.FILES:
        return f"{len(value)} 个文件" if isinstance(value, list) else "1 个文件"
    if isinstance(value, bool) and not field.choices:
        return _YES if value else _NO
    labels = {choice.value: choice.label for choice in field.choices}
    if isinstance(value, list):
        return "、".join(labels.get(each, str(each)) for each in value)
    text = labels.get(value, str(value)) if isinstance(value, str | bool) else str(value)
    if field.kind is FieldKind.DATETIME:
        text = text[:16].replace("T", " ")
    return text if len(text) <= _ANSWER_IN_SUMMARY else f"{text[:_ANSWER_IN_SUMMARY]}…"


def _asked(field: Field) -> str:
    asked = field.label.rstrip("：:？?")
    if field.kind is FieldKind.YES_NO and not field.choices:
        return f"{asked}，是吗？（是、否）"
    return f"{asked}？" if field.label.endswith(("？", "?")) else f"请告诉我：{asked}"


def _text(field: Field, text: str, _today: date | None) -> str:
    """The whole message, or the one piece of it that fits a pattern: 我电话是138… is 138…."""
    try:
        value_of(field, text, Known())
    except NotFit:
        found: list[str] = _PIECE.findall(text[:500])
        pieces = {piece for piece in found if _fits(field, piece)}
        if len(pieces) == 1 and (field.limits.pattern or field.limits.format):
            return pieces.pop()
    return text


def _fits(field: Field, piece: str) -> bool:
    try:
        return bool(value_of(field, piece, Known()))
    except NotFit:
        return False


def _number(field: Field, text: str, _today: date | None) -> Decimal:
    value = number_in(text)
    if value is None:
        raise AnswerNotUnderstood(
            field.key, f"没看出{field.label}是多少，请只写一个数字，例如 200。"
        )
    return value


def _yes_no(field: Field, text: str, _today: date | None) -> bool:
    picked = spoken_choices.pick(field.choices, text)
    if picked is not None:
        return picked.value is True
    value = spoken_choices.yes_or_no(text)
    if value is None and field.choices:
        raise AnswerNotUnderstood(field.key, f"没对上选项，请回复序号：\n{_numbered(field)}")
    if value is None:
        raise AnswerNotUnderstood(field.key, f"{field.label}：请回复“是”或“否”。")
    return value


def _choice(field: Field, text: str, _today: date | None) -> str:
    picked = spoken_choices.pick(field.choices, text)
    if picked is None:
        raise AnswerNotUnderstood(field.key, f"没对上选项，请回复序号：\n{_numbered(field)}")
    return str(picked.value)


def _choices(field: Field, text: str, _today: date | None) -> list[str]:
    picked = spoken_choices.pick_several(field.choices, text)
    if picked is None:
        told = f"没对上选项，请回复序号，可以多选，例如“1、2”：\n{_numbered(field)}"
        raise AnswerNotUnderstood(field.key, told)
    return [str(choice.value) for choice in picked]


def _date(field: Field, text: str, today: date | None) -> str:
    day = spoken_times.day_in(text, today, ahead=field.limits.not_in_the_past)
    if day is None:
        raise AnswerNotUnderstood(field.key, f"{field.label}：没看出是哪天，例如 2026-11-20。")
    return day.isoformat()


def _time(field: Field, text: str, _today: date | None) -> str:
    clock = spoken_times.time_in(text)
    if clock is None:
        raise AnswerNotUnderstood(field.key, f"{field.label}：没看出是几点，例如“下午3点半”。")
    return clock.isoformat("minutes")


def _datetime(field: Field, text: str, today: date | None) -> str:
    at = spoken_times.moment_in(text, today)
    if at is None:
        raise AnswerNotUnderstood(
            field.key, f"{field.label}：请写清哪天几点，例如“11月20日下午3点”。"
        )
    return at.isoformat(timespec="minutes")


def _files(field: Field, _text: str, _today: date | None) -> list[str]:
    raise AnswerNotUnderstood(field.key, f"请直接把{field.label}发到这里，拍照或从相册选都可以。")


def _numbered(field: Field) -> str:
    return "\n".join(f"{n}. {choice.label}" for n, choice in enumerate(field.choices, 1))


_HINTS = {
    FieldKind.CHOICE: "回复序号就行",
    FieldKind.CHOICES: "可以多选，回复序号，例如“1、2”",
    FieldKind.NUMBER: "写数字就行，例如 200",
    FieldKind.DATE: "例如 11月20日，或“昨天”",
    FieldKind.TIME: "例如下午3点",
    FieldKind.DATETIME: "例如 11月20日下午3点",
    FieldKind.FILES: "直接把照片发到这里",
}
_READERS: Mapping[FieldKind, Callable[[Field, str, date | None], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.YES_NO: _yes_no,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.DATE: _date,
    FieldKind.TIME: _time,
    FieldKind.DATETIME: _datetime,
    FieldKind.FILES: _files,
}
