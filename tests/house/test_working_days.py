"""What the handbook calls a working day is one: by the arithmetic and the calendars there are."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta

import pytest

from ticketing.kernel.clock import SHANGHAI
from ticketing.routing.layout import shipped as shipped_layout
from ticketing.sla.calendars import Calendar, add_business
from ticketing.sla.configuration import shipped as shipped_times
from ticketing.workflow import gallery
from ticketing.workflow.definitions import shipped
from ticketing.workflow.process import ROLES, Process, Step

DEPARTMENTS = sorted(ROLES.keys() - {"customer", "system"})
PAGE = gallery.page()
# Weeks before and after have no holiday in them.
MONDAY = datetime(2026, 11, 16, tzinfo=SHANGHAI)


def calendar_of(role: str) -> Calendar:
    return shipped_times().of_queue(shipped_layout().for_role(role).name)


def working_days_later(calendar: Calendar, start: datetime, days: int) -> datetime:
    """The same time of day, so many days on which anybody works later."""
    at = start
    while days:
        at += timedelta(days=1)
        days -= bool(calendar.hours_of(date(at.year, at.month, at.day)))
    return at


def days_told(process: Process, step: Step) -> int:
    """How many working days the handbook gives a step; none where it speaks of hours."""
    own = PAGE.split(f"## {process.name}\n")[1].partition("\n## ")[0]
    [row] = [line for line in own.splitlines() if f" `{step.name}` |" in line and "⏱" not in line]
    told = re.search(r"(\d+) 个工作日", row)
    return int(told[1]) if told else 0


@pytest.mark.parametrize("role", DEPARTMENTS)
def test_a_working_day_is_as_long_as_its_calendar_says(role: str) -> None:
    day = gallery.OFFICE_DAY if role in gallery.OFFICE_ROLES else gallery.HOTLINE_DAY
    start = MONDAY.replace(hour=10, minute=17)

    end = add_business(start, day, calendar_of(role)).astimezone(SHANGHAI)

    assert end == start + timedelta(days=1)


@pytest.mark.parametrize("process", shipped().processes, ids=lambda each: each.id)
@pytest.mark.parametrize("weekday", range(5))
@pytest.mark.parametrize("hour", [9, 11, 15, 17])
def test_a_step_given_days_is_due_at_the_same_time_so_many_working_days_later(
    process: Process, weekday: int, hour: int
) -> None:
    start = MONDAY + timedelta(days=weekday, hours=hour, minutes=30)
    wrong = []
    for step in process.steps:
        days = days_told(process, step) if step.role in DEPARTMENTS else 0
        if days and step.allowed:
            calendar = calendar_of(step.role)
            due = add_business(start, step.allowed, calendar).astimezone(SHANGHAI)
            if due != working_days_later(calendar, start, days):
                wrong.append((step.name, days, due))
    assert wrong == []


def test_no_step_is_given_more_hours_than_a_day_without_saying_days() -> None:
    day_long = [
        (process.id, step.name)
        for process in shipped().processes
        for step in process.steps
        if step.role in DEPARTMENTS
        and step.allowed
        and step.allowed >= gallery.HOTLINE_DAY
        and not days_told(process, step)
    ]
    assert day_long == []


def test_the_time_of_a_step_is_written_in_hours() -> None:
    written = [
        allowed
        for process in shipped().processes
        for allowed in re.findall(rb'"time_allowed" value="([^"]*)"', process.source)
    ]
    assert len(written) > 100
    assert [each for each in written if not re.fullmatch(rb"PT\d+H(30M)?", each)] == []
