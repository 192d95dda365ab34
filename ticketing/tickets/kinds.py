"""The kinds of tickets, read from `kinds.yml`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

import yaml

from ticketing.kernel.errors import HouseError

STATE_LABELS = {"open": "处理中", "paused": "已暂停", "resolved": "已解决", "closed": "已关闭"}
WITHDRAWN_LABEL = "已撤销"


class Priority(StrEnum):
    """How urgent a ticket is."""

    LOW = "low"
    NORMAL = "normal"
    HIGH = "high"
    URGENT = "urgent"

    @property
    def rank(self) -> int:
        """0 for the least urgent; grows with urgency."""
        return list(Priority).index(self)


@dataclass(frozen=True)
class TicketKind:
    """One kind of ticket; `priority` is how urgent it is from the start.

    Closed, it may be opened again within `reopen_days`.
    """

    name: str
    label: str
    priority: Priority
    reopen_days: int
    needs_parcel: bool = True


class UnknownTicketKind(HouseError):
    """Nobody complains of this."""

    status, code = 422, "unknown_ticket_kind"

    def __init__(self, kind: str) -> None:
        super().__init__("没有这种工单类型", kind=kind, kinds=sorted(ticket_kinds()))


@cache
def ticket_kinds() -> dict[str, TicketKind]:
    """Return the kinds by name."""
    rows = yaml.safe_load(Path(__file__).with_name("kinds.yml").read_text("utf-8"))
    return {
        name: TicketKind(name=name, **{**row, "priority": Priority(row["priority"])})
        for name, row in rows.items()
    }


def ticket_kind(name: str) -> TicketKind:
    """Return a kind; raise `UnknownTicketKind`."""
    kind = ticket_kinds().get(name)
    if kind is None:
        raise UnknownTicketKind(name)
    return kind
