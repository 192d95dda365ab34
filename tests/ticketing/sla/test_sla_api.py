"""Time limits through the door: policies, calendars, previews, and the clocks of a real ticket."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.ticketing.people import sign_in
from tests.ticketing.sla.days import shanghai
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.facts import announce
from ticketing.sla.firing import fire_due
from ticketing.tickets import lookup
from ticketing.tickets.events import TicketResponded

WAYBILL = "YT2700000000001"
MORNINGS = {"label": "上午", "week": {"mon": ["09:00-12:00"]}, "holidays": True}


async def headers_of(house: House, api: httpx.AsyncClient, name: str, role: Role) -> dict[str, str]:
    """Sign somebody in."""
    return await sign_in(house, api, name, role)


@pytest.fixture
async def manager(house: House, api: httpx.AsyncClient) -> dict[str, str]:
    return await headers_of(house, api, "max", Role.MANAGER)


@pytest.fixture
async def lead(house: House, api: httpx.AsyncClient) -> dict[str, str]:
    return await headers_of(house, api, "lena", Role.LEAD)


@pytest.fixture
async def ticket_no(api: httpx.AsyncClient, agent: dict[str, str]) -> str:
    body = {"kind": "damage", "waybill_no": WAYBILL, "description": "杯子碎了"}
    answer = await api.post("/api/tickets", json=body, headers=agent)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["ticket"]["ticket_no"])


async def clocks(api: httpx.AsyncClient, who: dict[str, str], ticket_no: str) -> dict[str, Any]:
    """The running and stopped clocks of a ticket by label."""
    answer = await api.get(f"/api/sla/tickets/{ticket_no}", headers=who)
    assert answer.status_code == 200, answer.text
    return {each["label"]: each for each in answer.json()["clocks"]}


async def test_a_ticket_opened_at_the_door_has_its_clocks(
    api: httpx.AsyncClient, agent: dict[str, str], ticket_no: str
) -> None:
    found = await clocks(api, agent, ticket_no)
    assert {"受理", "首次响应", "步骤", "解决", "对客承诺"} <= set(found)
    promise = found["对客承诺"]
    started, due = (datetime.fromisoformat(promise[name]) for name in ("started_at", "due_at"))
    assert (due - started).total_seconds() == promise["target_seconds"]
    assert promise["remaining_seconds"] <= promise["target_seconds"]
    assert found["步骤"]["policy"] == "process"
    ticket = (await api.get(f"/api/tickets/{ticket_no}", headers=agent)).json()
    dues = [
        c["due_at"] for c in found.values() if c["audience"] == "internal" and not c["stopped_at"]
    ]
    assert datetime.fromisoformat(ticket["due_at"]) == min(map(datetime.fromisoformat, dues))


async def test_a_person_who_answers_stops_the_clock_of_the_first_response(
    house: House, api: httpx.AsyncClient, agent: dict[str, str], ticket_no: str
) -> None:
    async with house.db.transaction() as session:
        ticket = await lookup.ticket_by_no(session, ticket_no)
        await announce(session, TicketResponded(at=clock.now(), ticket_id=ticket.id))
    found = await clocks(api, agent, ticket_no)
    assert found["首次响应"]["outcome"] == "responded"
    assert found["首次响应"]["stopped_at"] is not None


async def test_a_clock_that_fires_shows_it(
    house: House, api: httpx.AsyncClient, agent: dict[str, str], ticket_no: str
) -> None:
    later = clock.now() + timedelta(days=40)
    assert await fire_due(house.db, lambda: later) > 0
    promise = (await clocks(api, agent, ticket_no))["对客承诺"]
    assert promise["level"] == 1
    assert datetime.fromisoformat(promise["breached_at"]) == later


async def test_clocks_paused_by_hand_say_so_and_go_on(
    api: httpx.AsyncClient, agent: dict[str, str], lead: dict[str, str], ticket_no: str
) -> None:
    url = f"/api/sla/tickets/{ticket_no}"
    assert (await api.post(f"{url}/pause", headers=agent)).status_code == 403
    paused = await api.post(f"{url}/pause", headers=lead)
    assert paused.json()["pauses"][0]["reason"] == "manual"
    found = await clocks(api, lead, ticket_no)
    assert found["解决"]["due_at"] is None
    assert "暂停中" in found["解决"]["explanation"]
    assert found["对客承诺"]["due_at"] is not None
    again = await api.post(f"{url}/pause", headers=lead)
    assert (again.status_code, again.json()["error"]) == (409, "already_paused")
    resumed = await api.post(f"{url}/resume", headers=lead)
    assert resumed.json()["pauses"][0]["ended_at"] is not None
    found = await clocks(api, lead, ticket_no)
    assert found["解决"]["due_at"] is not None
    assert [pause["reason"] for pause in found["解决"]["pauses"]] == ["manual"]
    refused = await api.post(f"{url}/resume", headers=lead)
    assert (refused.status_code, refused.json()["error"]) == (409, "not_paused")
    ticket = (await api.get(f"/api/tickets/{ticket_no}", headers=lead)).json()
    assert {"sla_paused", "sla_resumed"} <= {line["what"] for line in ticket["changes"]}


async def test_nobody_sees_the_clocks_of_a_ticket_that_is_not_there(
    api: httpx.AsyncClient, agent: dict[str, str]
) -> None:
    answer = await api.get("/api/sla/tickets/T20261119000001", headers=agent)
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_ticket")


@pytest.mark.parametrize("path", ["policies", "calendars", "tickets/T20261119000001"])
async def test_nobody_reads_time_limits_without_signing_in(
    api: httpx.AsyncClient, path: str
) -> None:
    assert (await api.get(f"/api/sla/{path}")).status_code == 401


async def test_only_managers_change_what_is_promised(
    api: httpx.AsyncClient, agent: dict[str, str], lead: dict[str, str]
) -> None:
    for who in (agent, lead):
        put = await api.put("/api/sla/policies", json={"version": 0, "rules": [{}]}, headers=who)
        assert put.status_code == 403


async def test_a_manager_reads_the_policies_changes_one_and_is_told_of_a_conflict(
    api: httpx.AsyncClient, manager: dict[str, str]
) -> None:
    shown = (await api.get("/api/sla/policies", headers=manager)).json()
    assert shown["version"] == 0
    shown["rules"][0]["targets"]["claim"] = "PT20M"
    body = {"version": 0, "rules": shown["rules"]}
    put = await api.put("/api/sla/policies", json=body, headers=manager)
    assert (put.status_code, put.json()["version"]) == (200, 1)
    kept = (await api.get("/api/sla/policies", headers=manager)).json()
    assert kept["rules"] == put.json()["rules"]
    assert kept["rules"][0]["targets"]["claim"] == "PT20M"
    again = await api.put("/api/sla/policies", json=body, headers=manager)
    assert (again.status_code, again.json()["facts"]) == (
        409,
        {"seen_version": 0, "current_version": 1},
    )


@pytest.mark.parametrize(
    ("rules", "error"),
    [
        ([{"kind": "damage"}], "policy_refused"),
        ([{}, {"kind": "moon"}], "policy_refused"),
        ([{"calendars": {"claim": "moon"}}], "unknown_calendar"),
        ([{"targets": {"claim": "PT0S"}}], "invalid_request"),
        ([{"targets": {"claim": 1e300}}], "invalid_request"),
        ([], "invalid_request"),
    ],
)
async def test_policies_nobody_could_follow_are_refused(
    api: httpx.AsyncClient, manager: dict[str, str], rules: list[dict[str, Any]], error: str
) -> None:
    body = {"version": 0, "rules": rules}
    put = await api.put("/api/sla/policies", json=body, headers=manager)
    assert (put.status_code, put.json()["error"]) == (422, error)


async def test_a_manager_adds_a_calendar_and_gives_it_to_a_queue(
    api: httpx.AsyncClient, manager: dict[str, str]
) -> None:
    body = {**MORNINGS, "version": 0, "exceptions": {"2027-02-08": []}}
    put = await api.put("/api/sla/calendars/mornings", json=body, headers=manager)
    [shown] = [each for each in put.json()["calendars"] if each["name"] == "mornings"]
    assert (shown["version"], shown["exceptions"]) == (1, {"2027-02-08": []})
    again = await api.put("/api/sla/calendars/mornings", json=body, headers=manager)
    assert (again.status_code, again.json()["error"]) == (409, "calendar_changed_meanwhile")
    queue = {"calendar": "mornings"}
    given = await api.put("/api/sla/queues/finance", json=queue, headers=manager)
    assert given.json()["queues"]["finance"] == "mornings"
    body = {"kind": "damage", "queue": "finance", "start": shanghai("2026-11-19 10:00").isoformat()}
    limits = (await api.post("/api/sla/preview", json=body, headers=manager)).json()["limits"]
    [claim] = [each for each in limits if each["clock"] == "claim"]
    assert datetime.fromisoformat(claim["due_at"]) == shanghai("2026-11-23 09:30")


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("never", {"label": "无", "week": {}, "version": 0}, 422),
        ("Bad", {**MORNINGS, "version": 0}, 422),
        ("office", {**MORNINGS, "version": 9}, 409),
        ("x", {**MORNINGS, "version": -1}, 422),
    ],
)
async def test_calendars_nobody_could_work_by_are_refused(
    api: httpx.AsyncClient, manager: dict[str, str], name: str, body: dict[str, Any], status: int
) -> None:
    put = await api.put(f"/api/sla/calendars/{name}", json=body, headers=manager)
    assert put.status_code == status


async def test_a_queue_cannot_work_by_a_calendar_that_is_not_there(
    api: httpx.AsyncClient, manager: dict[str, str]
) -> None:
    put = await api.put("/api/sla/queues/finance", json={"calendar": "moon"}, headers=manager)
    assert (put.status_code, put.json()["error"]) == (422, "unknown_calendar")


async def test_a_preview_explains_how_each_end_comes_about(
    api: httpx.AsyncClient, agent: dict[str, str]
) -> None:
    start = shanghai("2026-09-30 17:00").isoformat()
    body = {"kind": "damage", "priority": "normal", "queue": "finance", "start": start}
    shown = (await api.post("/api/sla/preview", json=body, headers=agent)).json()
    limits = {each["label"]: each for each in shown["limits"]}
    step = limits["步骤"]
    assert datetime.fromisoformat(step["due_at"]) == shanghai("2026-10-08 17:30")
    assert [day["why"] for day in step["days"]] == ["国庆节"] * 5
    assert (step["calendar"], step["policy"], step["target_seconds"]) == ("office", "0:*/*", 28800)
    assert "9月30日 17:00起8小时（日历：工作日）" in step["explanation"]
    assert limits["对客承诺"]["audience"] == "customer"
    assert limits["对客承诺"]["days"] == []
    assert len(step["escalate_at"]) == 3


async def test_a_preview_of_a_year_nobody_has_published_warns(
    api: httpx.AsyncClient, agent: dict[str, str]
) -> None:
    body = {"kind": "damage", "queue": "finance", "start": "2088-01-05T02:00:00Z"}
    shown = (await api.post("/api/sla/preview", json=body, headers=agent)).json()
    warned = {each["label"]: each["warnings"] for each in shown["limits"]}
    assert "2088 年" in warned["步骤"][0]
    assert warned["对客承诺"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "moon"},
        {"kind": "damage", "priority": "huge"},
        {"kind": "damage", "start": "1800-01-01T00:00:00Z"},
        {"kind": "damage", "start": "9999-12-31T23:59:59Z"},
        {"kind": "damage", "start": "2026-01-01T00:00:00"},
        {"kind": "damage", "queue": "a\x00b"},
    ],
)
async def test_a_preview_of_nonsense_is_refused(
    api: httpx.AsyncClient, agent: dict[str, str], body: dict[str, Any]
) -> None:
    answer = await api.post("/api/sla/preview", json=body, headers=agent)
    assert answer.status_code == 422


async def test_calendars_warn_of_the_coming_year_when_it_is_not_published(
    api: httpx.AsyncClient, agent: dict[str, str]
) -> None:
    shown = (await api.get("/api/sla/calendars", headers=agent)).json()
    warned = {each["name"]: each["warnings"] for each in shown["calendars"]}
    assert warned["always"] == []
    assert shown["warnings"] == warned["office"]
    assert shown["default"] == "office"
