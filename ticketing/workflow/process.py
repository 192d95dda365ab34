"""The frozen types a checked process is made of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

PLACEHOLDERS = {"ticket_no": "", "waybill_no": "", "carrier_name": "快递公司"}
"""What a customer text may name in braces, and what stands there when the fact is missing."""

_PLACEHOLDER = re.compile(r"\{(\w+)\}")


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
    """One thing a person does to a ticket; `name` is the element id in the BPMN file.

    `on_enter` and `on_done` are what the customer is told, with `{ticket_no}`-like
    placeholders (see `fill`); `state_after` is the ticket's category once it is done.
    """

    name: str
    label: str
    on_enter: str
    on_done: str
    state_after: StateCategory


@dataclass(frozen=True)
class Process:
    """A checked process: its steps in flow order, and the engine's own form of it.

    `version` is a hash of the content, `source` the file exactly as it was given,
    `downstream` the steps that may still follow each step (ways back not counted).
    """

    id: str
    name: str
    version: str
    steps: tuple[Step, ...]
    source: bytes = field(repr=False, compare=False)
    downstream: Mapping[str, frozenset[str]] = field(repr=False, compare=False)
    spec: Any = field(repr=False, compare=False)

    def step(self, name: str) -> Step | None:
        """The step of that name, or None."""
        return next((step for step in self.steps if step.name == name), None)


def fill(text: str, facts: Mapping[str, str]) -> str:
    """Put facts into a customer text; only `PLACEHOLDERS` are known, nothing is evaluated."""
    return _PLACEHOLDER.sub(lambda hit: facts.get(hit[1]) or PLACEHOLDERS.get(hit[1], ""), text)


def unknown_placeholders(text: str) -> list[str]:
    """What a text has in braces that `fill` does not know; a stray brace counts too."""
    unknown = [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]
    stray = set("{}") & set(_PLACEHOLDER.sub("", text))
    return unknown + sorted(stray)
