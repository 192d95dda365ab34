"""One component of a schema as a field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ticketing.expressions.service import Expression
from ticketing.forms.choices import SYNONYMS, Complain, is_yes_or_no, read_choices
from ticketing.forms.form import Choice, Field, FieldKind, Limits
from ticketing.forms.patterns import Pattern, PatternRefused, read_pattern

KINDS = {
    "textfield": FieldKind.TEXT,
    "textarea": FieldKind.LONG_TEXT,
    "number": FieldKind.NUMBER,
    "checkbox": FieldKind.YES_NO,
    "radio": FieldKind.CHOICE,
    "select": FieldKind.CHOICE,
    "checklist": FieldKind.CHOICES,
    "taglist": FieldKind.CHOICES,
    "datetime": FieldKind.DATETIME,
    "filepicker": FieldKind.FILES,
}
_BY_SUBTYPE = {"date": FieldKind.DATE, "time": FieldKind.TIME, "datetime": FieldKind.DATETIME}
_LABELS = {
    FieldKind.DATE: "dateLabel",
    FieldKind.TIME: "timeLabel",
    FieldKind.DATETIME: "dateLabel",
}
_LONGEST = {FieldKind.TEXT: 500}
LONGEST_TEXT = 4000
MOST_FILES = 9
BIGGEST = 10**12
KEY = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,63}")
EXTENSION = re.compile(r"\.[a-z0-9]{1,8}|[a-z]+/(?:\*|[a-z0-9.+-]{1,60})")
# The editor's ways of taking something from elsewhere, or of working it out.
_UNSUPPORTED = ("valuesKey", "valuesExpression", "expression", "path")

_CHOOSING = (FieldKind.CHOICE, FieldKind.CHOICES)


def read_field(
    component: Mapping[str, Any], hides: tuple[Expression, ...], complain: Complain
) -> Field | None:
    """Return the field, or nothing after complaining of what is wrong with it."""
    key = component.get("key")
    if not isinstance(key, str) or not KEY.fullmatch(key):
        complain("key 要用字母、数字、下划线，字母开头，最多 64 个字符")
        return None
    for name in _UNSUPPORTED:
        if component.get(name):
            complain(f"不支持 {name}")
    kind = _kind(component, complain)
    own = component.get("properties")
    more: Mapping[str, Any] = own if isinstance(own, dict) else {}
    label = _text(component, _LABELS.get(kind, "label"), complain) or _text(
        component, "label", complain
    )
    return Field(
        key=key,
        label=label or key,
        kind=kind,
        required=_is_true(_rules(component, complain), "required", complain),
        hint=_text(more, "hint", complain) or _text(component, "description", complain),
        question=_text(more, "question", complain),
        limits=_limits(component, kind, complain),
        choices=_choices(component, kind, more, complain),
        hides=hides,
        fixed=any(_is_true(component, name, complain) for name in ("disabled", "readonly")),
    )


def _choices(
    component: Mapping[str, Any], kind: FieldKind, more: Mapping[str, Any], complain: Complain
) -> tuple[Choice, ...]:
    if kind in _CHOOSING or (kind is FieldKind.YES_NO and component["type"] != "checkbox"):
        said = {name: _text(more, name, complain) for name in more if name.startswith(SYNONYMS)}
        return read_choices(
            component.get("values"), said, complain, truths=kind is FieldKind.YES_NO
        )
    return ()


def _kind(component: Mapping[str, Any], complain: Complain) -> FieldKind:
    kind = KINDS[component["type"]]
    if kind is FieldKind.CHOICE and is_yes_or_no(component.get("values")):
        return FieldKind.YES_NO
    if kind is not FieldKind.DATETIME:
        return kind
    subtype = component.get("subtype", "datetime")
    if not isinstance(subtype, str) or subtype not in _BY_SUBTYPE:
        complain("subtype 只能是 date、time 或 datetime")
        return kind
    return _BY_SUBTYPE[subtype]


def _limits(component: Mapping[str, Any], kind: FieldKind, complain: Complain) -> Limits:
    rules = _rules(component, complain)
    longest = _count(rules, "maxLength", complain)
    shortest = _count(rules, "minLength", complain)
    usual = _LONGEST.get(kind, LONGEST_TEXT)
    least, most = _number(rules, "min", complain), _number(rules, "max", complain)
    if least is not None and most is not None and least > most:
        complain("min 大于 max")
    if shortest is not None and shortest > (usual if longest is None else longest):
        complain("minLength 大于允许的长度")
    return Limits(
        least=least,
        most=most,
        decimal_digits=_count(component, "decimalDigits", complain),
        shortest=shortest,
        longest=usual if longest is None else min(longest, LONGEST_TEXT),
        pattern=_pattern(rules, complain),
        format=_format(rules, complain),
        not_in_the_past=_is_true(component, "disallowPassedDates", complain),
        most_files=MOST_FILES if _is_true(component, "multiple", complain) else 1,
        accept=_accept(component, complain) if kind is FieldKind.FILES else (),
    )


def _rules(component: Mapping[str, Any], complain: Complain) -> Mapping[str, Any]:
    rules = component.get("validate") or {}
    if isinstance(rules, dict):
        return rules
    complain("validate 应为对象")
    return {}


def _pattern(rules: Mapping[str, Any], complain: Complain) -> Pattern | None:
    text = _text(rules, "pattern", complain)
    try:
        return read_pattern(text) if text else None
    except PatternRefused as refused:
        complain(str(refused))
        return None


def _format(rules: Mapping[str, Any], complain: Complain) -> str | None:
    wanted = _text(rules, "validationType", complain)
    if wanted not in ("", "custom", "email", "phone"):
        complain("validationType 只能是 custom、email 或 phone")
    return wanted if wanted in ("email", "phone") else None


def _accept(component: Mapping[str, Any], complain: Complain) -> tuple[str, ...]:
    text = _text(component, "accept", complain)
    wanted = tuple(part for part in re.split(r"[,\s]+", text.lower()) if part)
    if any(not EXTENSION.fullmatch(part) for part in wanted):
        complain("accept 应为扩展名或媒体类型，例如 .jpg,image/*")
    return wanted


def _text(holder: Mapping[str, Any], name: str, complain: Complain) -> str:
    value = holder.get(name)
    if value is None:
        return ""
    if not isinstance(value, str) or len(value) > 500:
        complain(f"{name} 应为最多 500 字的文字")
        return ""
    if value.startswith("=") or "{{" in value:
        complain(f"{name} 不能是表达式")
    return value.strip()


def _is_true(holder: Mapping[str, Any], name: str, complain: Complain) -> bool:
    value = holder.get(name, False)
    if not isinstance(value, bool):
        complain(f"{name} 应为 true 或 false")
    return value is True


def _number(holder: Mapping[str, Any], name: str, complain: Complain) -> float | None:
    value = holder.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,15}(\.\d{1,9})?", value):
        value = float(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        complain(f"{name} 应为数字")
        return None
    if not -BIGGEST <= value <= BIGGEST:
        complain(f"{name} 太大了")
        return None
    return value


def _count(holder: Mapping[str, Any], name: str, complain: Complain) -> int | None:
    value = _number(holder, name, complain)
    if value is None:
        return None
    if value != int(value) or not 0 <= value <= LONGEST_TEXT:
        complain(f"{name} 应为 0 到 {LONGEST_TEXT} 的整数")
        return None
    return int(value)
