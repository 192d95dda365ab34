"""What managers decide about time: policies, calendars, and which queue works by which."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.cache import forget, remembered
from ticketing.kernel.errors import HouseError
from ticketing.sla import holidays, repository
from ticketing.sla.calendars import Calendar, unpublished_years
from ticketing.sla.hours import CalendarText
from ticketing.sla.policies import Policy, PolicyTable, rules_of

ALWAYS = "always"

_KEY = "sla"
_HORIZON = timedelta(days=366)


class UnknownCalendar(HouseError):
    """No calendar has this name."""

    status, code = 422, "unknown_calendar"

    def __init__(self, name: str, known: Mapping[str, Any]) -> None:
        super().__init__("没有这个日历", calendar=name, calendars=sorted(known))


@dataclass(frozen=True)
class Configuration:
    """All of it at one time; never changed."""

    table: PolicyTable
    texts: Mapping[str, CalendarText]
    versions: Mapping[str, int]
    """Of the calendars; a shipped one that nobody changed is version 0."""
    queues: Mapping[str, str]
    default: str
    calendars: Mapping[str, Calendar]
    _policies: dict[tuple[str, str], Policy] = field(default_factory=dict, compare=False)

    def policy(self, kind: str, priority: str) -> Policy:
        """Return what holds for tickets of a kind and priority."""
        key = (kind, priority)
        if key not in self._policies:
            self._policies[key] = self.table.policy(kind, priority)
        return self._policies[key]

    def calendar(self, name: str) -> Calendar:
        """Return a calendar by its name; raise `UnknownCalendar`."""
        if name not in self.calendars:
            raise UnknownCalendar(name, self.calendars)
        return self.calendars[name]

    def of_queue(self, queue: str | None) -> Calendar:
        """Return the calendar a queue works by, the default for one that has none of its own."""
        return self.calendar(self.queues.get(queue or "", self.default))

    def notices(self, names: tuple[str, ...], now: datetime) -> list[str]:
        """Return what is wrong, for people, with these calendars in the coming year."""
        years = {
            year
            for name in names
            for year in unpublished_years(now, now + _HORIZON, self.calendars[name])
        }
        return [holidays.unpublished_notice(tuple(sorted(years)))] if years else []


@cache
def shipped() -> Configuration:
    """Return what holds where managers have changed nothing."""
    here = Path(__file__)
    rules = yaml.safe_load(here.with_name("policies.yml").read_text("utf-8"))
    drawn = yaml.safe_load(here.with_name("calendars.yml").read_text("utf-8"))
    texts = {n: CalendarText.model_validate(row) for n, row in drawn["calendars"].items()}
    return Configuration(
        PolicyTable(0, rules_of(rules)),
        texts,
        dict.fromkeys(texts, 0),
        drawn["queues"],
        drawn["default"],
        {name: text.calendar(name) for name, text in texts.items()},
    )


async def configuration(session: AsyncSession) -> Configuration:
    """Return what is in force, at most two seconds old."""
    return await remembered(session, _KEY, load)


def forget_configuration(session: AsyncSession) -> None:
    """Have it read anew in this process; others do within two seconds."""
    forget(session, _KEY)


async def load(session: AsyncSession) -> Configuration:
    """Read what is in force: the shipped configuration and what was changed of it."""
    base = shipped()
    newest = await repository.newest_policies(session)
    rows = await repository.calendars(session)
    texts = {row.name: CalendarText.model_validate(row.definition) for row in rows}
    queues = {row.queue: row.calendar for row in await repository.queues(session)}
    return Configuration(
        PolicyTable(newest.version, rules_of(newest.rules)) if newest else base.table,
        {**base.texts, **texts},
        {**base.versions, **{row.name: row.version for row in rows}},
        {**base.queues, **queues},
        base.default,
        {**base.calendars, **{name: text.calendar(name) for name, text in texts.items()}},
    )
