"""What is promised to whom: the most specific row wins, field by field."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from tests.ticketing.sla.days import shanghai
from ticketing.sla.calendars import CalendarRefused
from ticketing.sla.configuration import UnknownCalendar, shipped
from ticketing.sla.hours import CalendarText
from ticketing.sla.policies import PolicyRefused, PolicyRule, PolicyTable, rules_of
from ticketing.tickets.kinds import Priority, ticket_kinds

HOUR = timedelta(hours=1)
BASE: dict[str, Any] = {
    "targets": {"step": "PT8H", "solution": "PT24H", "promise": "P3D"},
    "calendars": {"promise": "always"},
    "warn_before": "20%",
}


def table(*rows: dict[str, Any]) -> PolicyTable:
    return PolicyTable(7, rules_of([BASE, *rows]))


def test_the_row_for_everything_holds_where_nothing_else_does() -> None:
    target = table().policy("damage", "high").targets["solution"]
    assert (target.allowed, target.calendar, target.rule) == (24 * HOUR, None, "*/*")


def test_a_kind_says_more_than_a_priority_and_both_together_most() -> None:
    rows = table(
        {"kind": "lost", "targets": {"solution": "PT40H"}},
        {"priority": "urgent", "targets": {"solution": "PT8H", "step": "PT2H"}},
        {"kind": "lost", "priority": "urgent", "targets": {"promise": "P1D"}},
    )
    urgent = rows.policy("lost", "urgent").targets
    assert {name: (t.allowed, t.rule) for name, t in urgent.items()} == {
        "solution": (40 * HOUR, "lost/*"),
        "step": (2 * HOUR, "*/urgent"),
        "promise": (24 * HOUR, "lost/urgent"),
    }
    assert rows.policy("damage", "urgent").targets["solution"].allowed == 8 * HOUR
    assert rows.policy("lost", "low").targets["step"].allowed == 8 * HOUR


def test_the_order_of_the_rows_does_not_matter() -> None:
    rows = [BASE, {"kind": "lost", "targets": {"step": "PT1H"}}]
    one = PolicyTable(1, rules_of(rows)).policy("lost", "low")
    assert one == PolicyTable(1, rules_of(rows[::-1])).policy("lost", "low")


def test_a_target_keeps_its_calendar_when_a_more_specific_row_changes_its_length() -> None:
    target = table({"kind": "lost", "targets": {"promise": "P7D"}}).policy("lost", "low")
    assert target.targets["promise"].calendar == "always"


def test_a_step_may_have_a_time_of_its_own() -> None:
    policy = table({"kind": "lost", "steps": {"verify": "PT3H"}}).policy("lost", "low")
    verify, other = policy.for_step("verify"), policy.for_step("decide")
    assert verify is not None
    assert other is not None
    assert (verify.allowed, other.allowed) == (3 * HOUR, 8 * HOUR)


def test_without_any_time_for_steps_a_step_has_no_clock() -> None:
    rows = rules_of([{"targets": {"solution": "PT1H"}}])
    assert PolicyTable(1, rows).policy("lost", "low").for_step("verify") is None


@pytest.mark.parametrize(
    ("before", "warning"),
    [("20%", timedelta(minutes=48)), ("PT30M", timedelta(minutes=30)), ("P1D", 24 * HOUR)],
)
def test_a_warning_comes_a_share_or_a_time_before_the_end(before: str, warning: timedelta) -> None:
    policy = table({"kind": "lost", "warn_before": before}).policy("lost", "low")
    assert policy.warning(4 * HOUR) == warning


@given(st.integers(1, 99), st.integers(1, 10**7))
def test_a_share_is_whole_seconds_and_less_than_the_target(share: int, seconds: int) -> None:
    policy = table({"kind": "lost", "warn_before": f"{share}%"}).policy("lost", "low")
    warning = policy.warning(timedelta(seconds=seconds))
    assert warning.microseconds == 0
    assert warning < timedelta(seconds=seconds)


@pytest.mark.parametrize(
    "row",
    [
        {"priority": "huge"},
        {"kind": "No Such"},
        {"targets": {"lunch": "PT1H"}},
        {"targets": {"step": "PT0S"}},
        {"targets": {"step": "P365D"}},
        {"targets": {"step": "soon"}},
        {"warn_before": "0%"},
        {"warn_before": "150%"},
        {"calendars": {"step": "Bad Name"}},
        {"escalate": []},
        {"escalate": [{"after": "PT1H"}, {"after": "PT0S"}]},
        {"escalate": [{"to": "customer"}]},
        {"surprise": 1},
    ],
)
def test_a_row_that_makes_no_sense_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        PolicyRule.model_validate(row)


def test_a_table_needs_a_row_for_everything_and_each_row_once() -> None:
    with pytest.raises(PolicyRefused, match="缺少"):
        rules_of([{"kind": "lost"}])
    with pytest.raises(PolicyRefused, match="重复"):
        rules_of([BASE, {"kind": "lost"}, {"kind": "lost"}])


def test_the_shipped_policies_time_everything_for_every_kind_and_priority() -> None:
    for kind in ticket_kinds():
        for priority in Priority:
            policy = shipped().policy(kind, priority)
            assert set(policy.targets) == {
                "claim",
                "first_response",
                "step",
                "solution",
                "promise",
                "confirmation",
            }
            assert [level.to for level in policy.escalate] == ["assignee", "lead", "manager"]


def test_the_shipped_policies_grow_stricter_with_urgency() -> None:
    for kind in ticket_kinds():
        promised = [shipped().policy(kind, p).targets["promise"].allowed for p in Priority]
        assert promised == sorted(promised, reverse=True)


def test_the_shipped_policies_name_kinds_and_calendars_that_exist() -> None:
    config = shipped()
    named = {rule.kind for rule in config.table.rules} - {"*"}
    assert named <= set(ticket_kinds())
    used = {name for rule in config.table.rules for name in rule.calendars.values()}
    assert {*used, config.default, *config.queues.values()} <= set(config.calendars)


def test_a_queue_without_a_calendar_of_its_own_works_by_the_default() -> None:
    assert shipped().of_queue(None).name == "office"
    assert shipped().of_queue("nobody_knows").name == "office"
    assert shipped().of_queue("customer_service").name == "hotline"
    with pytest.raises(UnknownCalendar):
        shipped().calendar("moon")


def test_the_shipped_hotline_answers_on_holidays_and_the_office_does_not() -> None:
    config, feast = shipped(), date(2026, 10, 1)
    assert config.calendar("hotline").hours_of(feast) == ((480, 1320),)
    assert config.calendar("office").hours_of(feast) == ()
    assert config.calendar("office").hours_of(date(2026, 10, 10)) == ((540, 720), (810, 1080))
    assert config.calendar("night").hours_of(feast) == ((1320, 1800),)


def test_managers_are_told_of_years_nobody_has_published() -> None:
    config = shipped()
    [notice] = config.notices(("office", "hotline"), datetime(2090, 6, 1, tzinfo=UTC))
    assert "2090、2091 年" in notice
    assert config.notices(("hotline",), datetime(2090, 6, 1, tzinfo=UTC)) == []
    assert config.notices(("office",), shanghai("2024-06-01 09:00")) == []


def drawn(**changes: Any) -> CalendarText:
    week = {"mon": ["09:00-12:00", "22:00-06:00"]}
    return CalendarText.model_validate({"label": "试", "week": week, **changes})


def test_hours_are_written_as_people_write_them() -> None:
    calendar = drawn(exceptions={"2026-12-25": ["10:00-24:00"], "2026-12-24": []}).calendar("c")
    assert calendar.week[0] == ((540, 720), (1320, 1800))
    assert calendar.week[6] == ()
    assert calendar.exceptions == (
        (date(2026, 12, 24), ()),
        (date(2026, 12, 25), ((600, 1440),)),
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"week": {"mon": ["9:00-12:00"]}},
        {"week": {"mon": ["09:00-25:00"]}},
        {"week": {"mon": ["24:00-06:00"]}},
        {"week": {"funday": []}},
        {"label": ""},
        {"label": "a\x00b"},
        {"exceptions": {"1826-01-01": []}},
        {"exceptions": {"soon": []}},
    ],
)
def test_hours_that_cannot_be_read_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        drawn(**changes)


@pytest.mark.parametrize("week", [{}, {"mon": ["09:00-09:00"]}, {"mon": ["09:00-09:30"]}])
def test_a_calendar_nobody_could_work_by_is_refused(week: dict[str, list[str]]) -> None:
    with pytest.raises(CalendarRefused):
        drawn(week=week).calendar("c")
