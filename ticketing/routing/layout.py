"""Which queues and teams there are: the shipped ones, and those that take their place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ticketing.routing.choose import Strategy

FALLBACK = "customer_service"
"""Where a step goes that nothing else is known of."""


@dataclass(frozen=True, kw_only=True)
class QueuePlan:
    """How a queue works; `overflow` names the queue whose team helps out.

    `chat_hours` names the calendar conversations keep, where it is not the queue's own. Who is
    offered one accepts it within `accept_seconds`; a customer who says nothing for
    `warn_after_minutes` is warned, and left after `close_after_minutes` more.
    """

    name: str
    label: str
    role: str
    team: str
    strategy: Strategy = Strategy.LAST_AGENT_FIRST
    overflow: str | None = None
    vip_reserve: int = 0
    silent_minutes: int = 10
    chat_hours: str | None = None
    accept_seconds: int = 30
    answer_minutes: int = 3
    warn_after_minutes: int = 10
    close_after_minutes: int = 5
    active: bool = True

    @property
    def silent_after(self) -> timedelta:
        """How long an assignee may be offline."""
        return timedelta(minutes=self.silent_minutes)


@dataclass(frozen=True, kw_only=True)
class TeamPlan:
    """A team and who leads it."""

    name: str
    label: str
    lead: str | None = None


@dataclass(frozen=True)
class Layout:
    """Every queue and team by name, and the words for skills."""

    queues: Mapping[str, QueuePlan]
    teams: Mapping[str, TeamPlan]
    skills: Mapping[str, str]

    def with_rows(self, queues: Iterable[QueuePlan], teams: Iterable[TeamPlan]) -> Layout:
        """Return the layout in which these take the place of those of the same name."""
        return Layout(
            {**self.queues, **{queue.name: queue for queue in queues}},
            {**self.teams, **{team.name: team for team in teams}},
            self.skills,
        )

    def queue(self, name: str | None) -> QueuePlan | None:
        """Return an active queue by its name."""
        found = self.queues.get(name) if name else None
        return found if found and found.active else None

    def resolved(self, name: str) -> QueuePlan | None:
        """Return the active queue of this name, else the one that serves the role so called."""
        is_served = any(queue.role == name for queue in self._active())
        return self.queue(name) or (self.for_role(name) if is_served else None)

    def for_role(self, role: str) -> QueuePlan:
        """Return the queue that serves a role: the one of its name, else the first."""
        serving = [queue for queue in self._active() if queue.role == role]
        serving.sort(key=lambda queue: (queue.name != role, queue.name))
        return serving[0] if serving else self.queues[FALLBACK]

    def helpers(self, queue: QueuePlan) -> tuple[QueuePlan, ...]:
        """Return the queue and the one that helps it out, where there is one."""
        overflow = self.queue(queue.overflow)
        return (queue,) if overflow is None or overflow is queue else (queue, overflow)

    def served(self) -> tuple[tuple[str, str], ...]:
        """Return every pair of a queue and a team that may take from it."""
        active = self._active()
        return tuple((queue.name, by.team) for queue in active for by in self.helpers(queue))

    def lead_of(self, queue: str | None) -> str | None:
        """Return who leads the team of a queue."""
        found = self.queues.get(queue) if queue else None
        team = self.teams.get(found.team) if found else None
        return team.lead if team else None

    def _active(self) -> list[QueuePlan]:
        return [queue for queue in self.queues.values() if queue.active]


@cache
def shipped() -> Layout:
    """Return the queues and teams a new house begins with."""
    written = yaml.safe_load(Path(__file__).with_name("queues.yml").read_text("utf-8"))
    queues = {name: _queue(name, row) for name, row in written["queues"].items()}
    teams = {name: TeamPlan(name=name, **row) for name, row in written["teams"].items()}
    return Layout(queues, teams, written["skills"])


def _queue(name: str, row: dict[str, Any]) -> QueuePlan:
    strategy = Strategy(row.get("strategy", Strategy.LAST_AGENT_FIRST))
    return QueuePlan(**{**row, "name": name, "strategy": strategy})
