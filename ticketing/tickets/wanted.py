"""Which tickets somebody wants to see, and in which order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

Sort = Literal["newest", "due", "priority"]


@dataclass(frozen=True)
class TeamReach:
    """What belongs to a team: its queues, and its people wherever they help out."""

    queues: tuple[str, ...]
    people: tuple[str, ...]


@dataclass(frozen=True)
class Sight:
    """How far somebody sees: whole queues, queues for some provinces, and what is theirs."""

    who: str
    queues: tuple[str, ...]
    limited: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()

    def sees_queue(self, queue: str | None) -> bool:
        """Tell whether anything of a queue is seen."""
        return queue in self.queues or any(queue in queues for queues, _ in self.limited)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which tickets are wanted; what is None does not matter.

    `queue` and `assignee` are those of an open step, `unassigned` asks for an open step that
    nobody has, `team` for one in a queue of the team or with one of its people. `overdue_at`
    asks for those whose time limit has run out by then. Times are from the first on, up to but
    without the second. Sorted by `due` or `priority` only those that are not closed are listed;
    closed ones are always sorted by `newest`.
    """

    state: str | None = None
    kind: str | None = None
    queue: str | None = None
    assignee: str | None = None
    unassigned: bool = False
    team: TeamReach | None = None
    priority: str | None = None
    severity: str | None = None
    red_flag: bool | None = None
    waybill_no: str | None = None
    carrier_code: str | None = None
    region: str | None = None
    opened_from: datetime | None = None
    opened_before: datetime | None = None
    due_from: datetime | None = None
    due_before: datetime | None = None
    overdue_at: datetime | None = None
    sort: Sort = "newest"
    sight: Sight | None = None
    """How far whoever asks sees; None: everything."""

    @property
    def order(self) -> Sort:
        """How the tickets are sorted: what is closed has no time limit."""
        return "newest" if self.state == "closed" else self.sort
