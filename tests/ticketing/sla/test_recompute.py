"""Clocks that run follow a changed policy, calendar or queue; those that stopped do not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from tests.ticketing.sla.days import shanghai
from tests.ticketing.sla.stage import DAY, HOUR, MINUTE, TEN, Stage
from ticketing.sla import service
from ticketing.sla.calendars import CalendarRefused
from ticketing.sla.configuration import Configuration, UnknownCalendar, configuration, shipped
from ticketing.sla.hours import CalendarText
from ticketing.sla.policies import PolicyRefused, PolicyRule
from ticketing.sla.recompute import recompute
from ticketing.sla.service import CalendarChangedMeanwhile, PoliciesChangedMeanwhile

SHORT = {"week": {day: ["10:00-11:00"] for day in ("mon", "tue", "wed", "thu", "fri")}}


async def put_rules(stage: Stage, *rows: dict[str, Any], seen: int = 0) -> Configuration:
    """Put the shipped rows and these in force."""
    rules = [*shipped().table.rules, *(PolicyRule.model_validate(row) for row in rows)]
    async with stage.db.transaction() as session:
        return await service.put_policies(session, rules, seen, "max", TEN)


async def put_calendar(stage: Stage, name: str, seen: int = 0, **changes: Any) -> Configuration:
    """Add or change a calendar."""
    drawn = CalendarText.model_validate({"label": "短", **SHORT, **changes})
    async with stage.db.transaction() as session:
        return await service.put_calendar(session, name, drawn, seen, by="max", now=TEN)


async def put_queue(stage: Stage, queue: str, calendar: str) -> None:
    """Let a queue work by a calendar."""
    async with stage.db.transaction() as session:
        await service.put_queue(session, queue, calendar, "max", TEN)


async def again(stage: Stage, *, batch: int = 2) -> None:
    """Set every clock anew, a minute after they were started."""
    await recompute(stage.db, lambda: TEN + MINUTE, batch)


async def test_running_clocks_follow_a_new_policy(stage: Stage) -> None:
    tickets = [await stage.open() for _ in range(5)]
    await put_rules(
        stage, {"kind": "damage", "priority": "normal", "targets": {"solution": "PT2H"}}
    )
    await again(stage)
    for ticket in tickets:
        solution = (await stage.clocks(ticket))["solution"]
        assert (solution.due_at, solution.policy) == (TEN + 2 * HOUR, "1:damage/normal")
        assert solution.next_at == TEN + 2 * HOUR - 24 * MINUTE


async def test_stopped_clocks_and_closed_tickets_stay_as_they_were(stage: Stage) -> None:
    ticket = await stage.open()
    await stage.move(ticket, TEN + MINUTE, state="closed")
    await put_rules(
        stage, {"kind": "damage", "priority": "normal", "targets": {"solution": "PT2H"}}
    )
    await again(stage)
    solution = (await stage.clocks(ticket))["solution"]
    assert (solution.policy, solution.next_at) == ("0:damage/*", None)
    assert (await stage.again(ticket))[0].due_at is None


async def test_what_a_process_allows_its_step_stays_through_a_new_policy(stage: Stage) -> None:
    ticket = await stage.open(steps=({"step": "a", "allowed_seconds": 7200}, {"step": "b"}))
    await put_rules(stage, {"kind": "damage", "priority": "normal", "targets": {"step": "PT1H"}})
    await again(stage)
    _, rows = await stage.again(ticket)
    assert [row.due_at for row in rows] == [TEN + 2 * HOUR, TEN + HOUR]


async def test_a_timer_of_a_process_stays_through_a_new_policy(stage: Stage) -> None:
    ticket = await stage.open(kind="lost", steps=({"step": "carrier_reply"},))
    await put_rules(stage, {"kind": "lost", "priority": "normal", "targets": {"step": "PT1H"}})
    await again(stage)
    assert (await stage.clocks(ticket))["timer"].due_at == TEN + 2 * DAY


async def test_running_clocks_follow_a_changed_calendar(stage: Stage) -> None:
    ticket = await stage.open()
    await put_calendar(stage, "hotline")
    await again(stage)
    assert (await stage.clocks(ticket))["first_response"].due_at == TEN + HOUR
    assert (await stage.clocks(ticket))["step"].due_at == shanghai("2026-11-30 11:00")


async def test_running_clocks_follow_their_queue_to_another_calendar(stage: Stage) -> None:
    evening = shanghai("2026-11-19 20:00")
    ticket = await stage.open(evening)
    await put_queue(stage, "customer_service", "night")
    await again(stage)
    found = await stage.clocks(ticket)
    assert found["claim"].due_at == shanghai("2026-11-19 22:30")
    assert found["promise"].due_at == evening + 5 * DAY


async def test_a_pause_stays_a_pause(stage: Stage) -> None:
    ticket = await stage.open(steps=({"step": "ask", "waits_for": "customer"},))
    await put_rules(
        stage, {"kind": "damage", "priority": "normal", "targets": {"solution": "PT2H"}}
    )
    await again(stage)
    solution = (await stage.clocks(ticket))["solution"]
    assert (solution.due_at, solution.target_seconds) == (None, 7200)


async def test_running_it_twice_changes_nothing_more(stage: Stage) -> None:
    ticket = await stage.open()
    await put_calendar(stage, "hotline")
    await again(stage)
    once = {name: (c.due_at, c.next_at) for name, c in (await stage.clocks(ticket)).items()}
    await again(stage, batch=1)
    assert {n: (c.due_at, c.next_at) for n, c in (await stage.clocks(ticket)).items()} == once


async def test_a_change_asks_for_the_job_once_it_is_known_everywhere(stage: Stage) -> None:
    await put_rules(stage)
    async with stage.db.transaction() as session:
        [row] = await session.execute(
            text("SELECT task_name, lock, scheduled_at FROM procrastinate_jobs")
        )
    assert (row.task_name, row.lock) == ("recompute_sla", "recompute_sla")
    assert row.scheduled_at >= TEN + timedelta(seconds=3)


async def test_a_change_is_in_force_at_once_in_this_process(stage: Stage) -> None:
    async with stage.db.transaction() as session:
        assert (await configuration(session)).table.version == 0
    await put_rules(stage)
    await put_calendar(stage, "mornings")
    async with stage.db.transaction() as session:
        config = await configuration(session)
    assert (config.table.version, config.versions["mornings"]) == (1, 1)
    assert config.calendar("mornings").week[0] == ((600, 660),)


async def test_a_table_somebody_else_has_changed_is_not_overwritten(stage: Stage) -> None:
    await put_rules(stage)
    with pytest.raises(PoliciesChangedMeanwhile) as refused:
        await put_rules(stage)
    assert refused.value.facts == {"seen_version": 0, "current_version": 1}
    assert (await put_rules(stage, seen=1)).table.version == 2


async def test_a_version_from_the_future_is_refused(stage: Stage) -> None:
    with pytest.raises(PoliciesChangedMeanwhile):
        await put_rules(stage, seen=7)
    with pytest.raises(CalendarChangedMeanwhile):
        await put_calendar(stage, "office", seen=3)


async def test_a_calendar_somebody_else_has_changed_is_not_overwritten(stage: Stage) -> None:
    await put_calendar(stage, "office")
    with pytest.raises(CalendarChangedMeanwhile) as refused:
        await put_calendar(stage, "office")
    assert refused.value.facts == {"calendar": "office", "seen_version": 0, "current_version": 1}
    changed = await put_calendar(stage, "office", seen=1, label="新")
    assert (changed.versions["office"], changed.texts["office"].label) == (2, "新")


async def test_policies_name_only_kinds_and_calendars_there_are(stage: Stage) -> None:
    with pytest.raises(PolicyRefused, match="moon_walk"):
        await put_rules(stage, {"kind": "moon_walk"})
    with pytest.raises(UnknownCalendar):
        await put_rules(stage, {"kind": "urge", "priority": "low", "calendars": {"claim": "moon"}})
    with pytest.raises(UnknownCalendar):
        await put_queue(stage, "finance", "moon")


async def test_a_calendar_without_hours_is_refused(stage: Stage) -> None:
    with pytest.raises(CalendarRefused):
        await put_calendar(stage, "never", week={})


async def test_a_queue_works_by_the_calendar_it_was_given(stage: Stage) -> None:
    await put_queue(stage, "finance", "hotline")
    await put_queue(stage, "finance", "always")
    async with stage.db.transaction() as session:
        assert (await service.calendar_of_queue(session, "finance")).name == "always"
        assert (await service.calendar_of_queue(session, None)).name == "office"
