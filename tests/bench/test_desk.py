"""The ticket desk: what is asked there, its lines of the table, and its SQL statements."""

from __future__ import annotations

from itertools import islice, product
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.bench import desk_report, desk_work, plan
from tests.bench.figures import Figures
from tests.bench.report import rendered
from tests.bench.results import (
    COMPLETE,
    LIST,
    OPEN,
    OURS,
    RUSH,
    SEARCH,
    Results,
    cell_name,
)
from tests.bench.sla import Lateness
from tests.bench.statements import counted
from ticketing.tickets.kinds import ticket_kinds
from ticketing.tickets.schemas import TicketIn

CONDITIONS = {
    "cpu": "cpu",
    "cores": 2,
    "memory_gb": 8,
    "busy_before_percent": 1.5,
    "taken_at": "2026-11-22T00:00:00+00:00",
}


ONE, MANY = plan.DESK_AT


def figures(p95_ms: float = 20.0, per_second: float = 200.0, at: int = MANY) -> Figures:
    return Figures(at, 300, 0, p50_ms=10.0, p95_ms=p95_ms, per_second=per_second, cpu_ms=4.0)


@pytest.fixture
def results() -> Results:
    """A run in which every target is reached."""
    found = Results(CONDITIONS)
    for name, at in product((OPEN, COMPLETE, LIST, SEARCH), plan.DESK_AT):
        found.figures[cell_name(OURS, name, at)] = figures(at=at)
    found.figures[cell_name(OURS, RUSH, plan.RUSH_AT)] = figures(at=plan.RUSH_AT)
    found.statements = {OPEN: 7, COMPLETE: 18, LIST: 4, SEARCH: 5}
    found.lateness = Lateness(10_000, 60.0, 0.2, 0.9, 1.2)
    return found


def verdict(results: Results, beginning: str) -> str:
    """The verdict of the line that begins so."""
    return next(row[4] for row in desk_report.rows(results) if row[0].strip().startswith(beginning))


@pytest.mark.parametrize(
    "beginning",
    ["开工单", "每秒开工单", "办完一步", "队列一页", "全文检索", "一页列表的 SQL", "时限触发延迟"],
)
def test_what_is_reached_is_said_on_its_line(results: Results, beginning: str) -> None:
    assert verdict(results, beginning) == "是"


@pytest.mark.parametrize(
    ("name", "beginning", "most"),
    [
        (OPEN, "开工单", plan.OPEN_P95_MS),
        (COMPLETE, "办完一步", plan.COMPLETE_P95_MS),
        (LIST, "队列一页", plan.LIST_P95_MS),
        (SEARCH, "全文检索", plan.SEARCH_P95_MS),
    ],
)
def test_what_takes_too_long_is_said(
    results: Results, name: str, beginning: str, most: float
) -> None:
    results.figures[cell_name(OURS, name, MANY)] = figures(p95_ms=most + 0.1)
    lines = [row for row in desk_report.rows(results) if row[0].startswith(beginning)]
    assert [(row[0][-4:], row[4]) for row in lines] == [(" 个同时", "是"), (" 个同时", "否")]


def test_too_few_tickets_a_second_too_many_statements_and_late_limits_are_said(
    results: Results,
) -> None:
    results.figures[cell_name(OURS, RUSH, plan.RUSH_AT)] = figures(per_second=149.9)
    results.statements[LIST] = 6
    results.lateness = Lateness(10_000, 60.0, 0.2, 5.1, 6.0)
    assert verdict(results, "每秒开工单") == "否"
    assert verdict(results, "一页列表的 SQL") == "否"
    assert verdict(results, "时限触发延迟") == "否"


def test_the_table_tells_what_a_peer_allows_itself_and_whose_processor_time_it_is(
    results: Results,
) -> None:
    shown = rendered(results)
    assert "35 条语句" in shown
    assert "4.0 毫秒 CPU" in shown


def test_a_desk_that_was_not_measured_has_no_lines() -> None:
    empty = Results(CONDITIONS)
    assert list(desk_report.rows(empty)) == []
    assert "工单台" not in rendered(empty)


def test_a_desk_that_failed_has_lines_without_figures() -> None:
    failed = Results(CONDITIONS, failed={f"{OURS}.desk": "DidNotStart"})
    assert verdict(failed, "开工单") == "—"


def test_each_opening_is_about_a_parcel_of_its_own_and_is_one_the_door_takes() -> None:
    bodies = [TicketIn.model_validate(ask.body) for ask in desk_work.openings(range(60))]
    assert len({body.waybill_no for body in bodies}) == 60
    assert {body.kind for body in bodies} == set(desk_work.KINDS) <= ticket_kinds().keys()
    assert any(body.urgent for body in bodies)
    assert any(body.vip for body in bodies)


def test_a_completion_names_the_first_step_of_its_ticket() -> None:
    filed = {"ticket": {"ticket_no": "T20261122000001", "open_steps": [{"step": "accept"}]}}
    (ask,) = desk_work.completions([filed])
    assert ask.path == "/api/tickets/T20261122000001/steps/accept/complete"


def test_pages_are_of_every_queue_with_every_filter_and_sorted_by_due() -> None:
    asked = [parse_qs(urlsplit(ask.path).query) for ask in desk_work.pages(64)]
    assert len({each["queue"][0] for each in asked}) == 8
    assert all(each["sort"] == ["due"] and each["limit"] == ["50"] for each in asked)
    assert len({tuple(sorted(each.keys() - {"queue"})) for each in asked}) == 8


def test_searches_go_round_and_are_of_words_and_numbers() -> None:
    asked = [parse_qs(urlsplit(ask.path).query)["q"][0] for ask in desk_work.searches(40)]
    assert set(asked) == set(desk_work.SOUGHT)
    assert asked[: len(desk_work.SOUGHT)] == list(islice(desk_work.SOUGHT, None))


def test_a_request_at_the_desk_takes_no_more_statements_than_it_may() -> None:
    found = counted()
    assert found[OPEN] <= 10
    assert found[COMPLETE] <= 24
    assert found[LIST] <= plan.LIST_STATEMENTS
    assert found[SEARCH] <= 5
