"""The frozen types a checked process is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any

from ticketing.kernel.sentences import put_in
from ticketing.workflow.flow import Flow

ROLES: Mapping[str, str] = {
    "customer_service": "客服",
    "lead": "主管",
    "warehouse": "仓库",
    "claims": "理赔",
    "finance": "财务",
    "dispatch": "网点调度",
    "courier": "快递员",
    "carrier": "快递公司",
    "billing": "开票",
    "customer": "客户",
    "system": "系统",
}
"""The departments that do steps, with the words people see."""

WAITS_FOR = frozenset({"customer", "carrier"})

PLACEHOLDERS: Mapping[str, str | None] = {
    "ticket_no": "",
    "waybill_no": "",
    "carrier_name": "快递公司",
    **dict.fromkeys(
        ("amount", "fee", "eta", "reason", "problem", "text", "step", "route", "address")
    ),
    **dict.fromkeys(("place", "time", "reply", "reference", "invoice_no", "new_waybill_no")),
}
"""What a customer text may name in braces, and what stands there when the fact is missing.

Where nothing can stand there (None), the whole sentence is left unsaid.
"""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_STOPS = "。；;！!，,、 "
_ASKED_ALREADY = re.compile("([？?])。")
_SENTENCE = re.compile(r"[^。！？]+[。！？]*")


class StateCategory(StrEnum):
    """What a ticket's state amounts to, whatever its process calls its steps."""

    OPEN = "open"
    PAUSED = "paused"
    RESOLVED = "resolved"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The Chinese word customers and agents see."""
        return _STATE_LABELS[self]


_STATE_LABELS = {
    StateCategory.OPEN: "处理中",
    StateCategory.PAUSED: "已暂停",
    StateCategory.RESOLVED: "已解决",
    StateCategory.CLOSED: "已关闭",
}


@dataclass(frozen=True)
class Step:
    """One thing somebody does to a ticket; `name` is the element id in the BPMN file.

    `on_enter` and `on_done` are what the customer is told, with `{ticket_no}`-like
    placeholders (see `fill`), and may be empty. `state_after` is the ticket's category once it
    is done (None: as before), `state_on_enter` the one while it lasts. `role` is the
    department (see `ROLES`), `allowed` how much business time it has, `waits_for` who keeps us
    waiting, `form` the name of the form it is done with.
    """

    name: str
    label: str
    on_enter: str
    on_done: str
    state_after: StateCategory | None
    role: str = "customer_service"
    queue: str | None = None
    form: str | None = None
    allowed: timedelta | None = None
    waits_for: str | None = None
    state_on_enter: StateCategory | None = None
    skill: str | None = None


@dataclass(frozen=True)
class Timer:
    """What happens when a step has lasted `after` (wall time): an event at its boundary.

    An interrupting one ends the step; another leaves it as it is and begins something beside
    it. `on_fire` is what the customer is told then, and may be empty.
    """

    name: str
    step: str
    after: timedelta
    interrupting: bool
    label: str
    on_fire: str = ""


@dataclass(frozen=True)
class Process:
    """A process that may be run: its steps in flow order, and the engine's own form of it.

    `about` is its documentation, a sentence for people. `version` is a hash of the content,
    `source` the file exactly as it was given. `flow` is its graph, `joins` are the gateways
    where parallel branches meet again; `main_way` maps a step to those that follow it as long
    as nothing special happens: no timer fires, no condition holds that has a default beside
    it, nothing goes back.
    """

    id: str
    name: str
    version: str
    steps: tuple[Step, ...]
    timers: tuple[Timer, ...]
    about: str
    source: bytes = field(repr=False, compare=False)
    flow: Flow = field(repr=False, compare=False)
    joins: frozenset[str] = field(repr=False, compare=False)
    main_way: Mapping[str, frozenset[str]] = field(repr=False, compare=False)
    spec: Any = field(repr=False, compare=False)

    def step(self, name: str) -> Step | None:
        """The step of that name, or None."""
        return next((step for step in self.steps if step.name == name), None)

    def timer(self, name: str) -> Timer | None:
        """The timer of that name, or None."""
        return next((timer for timer in self.timers if timer.name == name), None)


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Put facts into a customer text as `put_in` does; only `PLACEHOLDERS` are known."""

    def known(name: str) -> str | None:
        return facts.get(name) or PLACEHOLDERS.get(name)

    def said(sentence: str) -> str:
        words = {name: known(name) for name in _PLACEHOLDER.findall(sentence)}
        if None in words.values():
            return ""
        filled = {name: (word or "").rstrip(_STOPS) for name, word in words.items()}
        return _ASKED_ALREADY.sub(r"\1", put_in(sentence, filled))

    return "".join(said(sentence) for sentence in _SENTENCE.findall(text))


def unknown_placeholders(text: str) -> list[str]:
    """What a text has in braces that `fill` does not know; a stray brace counts too."""
    unknown = [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]
    stray = set("{}") & set(_PLACEHOLDER.sub("", text))
    return unknown + sorted(stray)
