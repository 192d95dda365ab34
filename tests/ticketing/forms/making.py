"""Schemas and forms to test with."""

from __future__ import annotations

from typing import Any

import pytest

from ticketing.forms.errors import FormRefused
from ticketing.forms.form import Form
from ticketing.forms.reading import form_of

Json = dict[str, Any]

CHOICES = [{"label": "同意", "value": "accept"}, {"label": "不同意", "value": "reject"}]
TRUTHS = [{"label": "收到了", "value": True}, {"label": "还没收到", "value": False}]


def component(kind: str, key: str = "answer", label: str = "回答", **more: Any) -> Json:
    """One component as form-js writes it."""
    named = {"dateLabel": label} if kind == "datetime" else {"label": label}
    return {"type": kind, "key": key, **named, **more}


def schema(*components: Json, **more: Any) -> Json:
    """A schema of these components."""
    return {"type": "default", "schemaVersion": 19, "components": list(components), **more}


def form(*components: Json, title: str = "测试") -> Form:
    """The form of these components."""
    return form_of("test", schema(*components, title=title))


def refusal(*components: Any, **more: Any) -> list[Json]:
    """What is wrong with a schema of these components."""
    with pytest.raises(FormRefused) as caught:
        form_of("test", schema(*components, **more))
    problems: list[Json] = caught.value.facts["problems"]
    return problems
