"""Tickets through their HTTP door, against a real database and the real workflow engine."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import httpx
import pytest

from tests.ticketing.walking import walk_to_the_end

Json = dict[str, Any]


async def file(api: httpx.AsyncClient, agent: Json, **more: Any) -> Json:
    body = {"kind": "damage", "waybill_no": "YT2700000000001", "description": "杯子碎了", **more}
    answer = await api.post("/api/tickets", json=body, headers=agent)
    assert answer.status_code == 201, answer.text
    filed: Json = answer.json()
    return filed


async def test_a_ticket_is_numbered_by_day_and_starts_at_its_first_step(
    api: httpx.AsyncClient, agent: Json
) -> None:
    filed = await file(api, agent)
    ticket = filed["ticket"]
    assert filed["outcome"] == "opened"
    assert len(ticket["ticket_no"]) == 15
    assert ticket["ticket_no"].startswith("T20")
    assert [s["state"] for s in ticket["steps"]][:2] == ["current", "waiting"]
    assert (ticket["state"], ticket["priority"]) == ("open", "high")


async def test_the_same_complaint_joins_the_open_ticket(
    api: httpx.AsyncClient, agent: Json
) -> None:
    first, again = await file(api, agent), await file(api, agent, description="还有一个也碎了")
    other = await file(api, agent, kind="delay")
    assert again["outcome"] == "joined"
    assert again["ticket"]["ticket_no"] == first["ticket"]["ticket_no"]
    assert other["outcome"] == "opened"
    path = f"/api/tickets/{first['ticket']['ticket_no']}"
    whole = (await api.get(path, headers=agent)).json()
    assert whole["words"] == ["杯子碎了", "还有一个也碎了"]
    assert [(c["by"], c["what"]) for c in whole["changes"]] == [
        ("anna", "opened"),
        ("routing", "assigned"),
        ("anna", "joined"),
    ]


async def test_ten_equal_complaints_at_once_make_one_ticket(
    api: httpx.AsyncClient, agent: Json
) -> None:
    filed = await asyncio.gather(*(file(api, agent) for _ in range(10)))
    assert len({f["ticket"]["ticket_no"] for f in filed}) == 1
    assert [f["outcome"] for f in filed].count("opened") == 1


async def test_tickets_opened_at_once_have_numbers_of_their_own(
    api: httpx.AsyncClient, agent: Json
) -> None:
    filed = await asyncio.gather(
        *(file(api, agent, waybill_no=f"YT27000000001{n:02d}") for n in range(8))
    )
    numbers = {f["ticket"]["ticket_no"] for f in filed}
    assert len(numbers) == 8
    assert all(re.fullmatch(r"T\d{14}", number) for number in numbers)


async def test_a_ticket_walks_its_steps_and_closes(
    api: httpx.AsyncClient, agent: Json, cashier: Json
) -> None:
    ticket = (await file(api, agent))["ticket"]
    path = f"/api/tickets/{ticket['ticket_no']}"
    moved = await walk_to_the_end(api, cashier, ticket)
    assert all(s["state"] == "done" and s["at"] for s in moved["steps"])
    assert moved["open_steps"] == []
    late = await api.post(f"{path}/steps/accept/complete", headers=agent)
    assert (late.status_code, late.json()["error"]) == (409, "ticket_already_closed")
    body = {"kind": "damage", "waybill_no": ticket["waybill_no"], "description": "又碎了"}
    again = await api.post("/api/tickets", json=body, headers=agent)
    assert (again.status_code, again.json()["outcome"]) == (200, "reopened")
    assert again.json()["ticket"]["ticket_no"] == ticket["ticket_no"]


@pytest.mark.parametrize(
    ("step", "status", "code"),
    [
        ("liability", 409, "step_not_current"),
        ("dance", 404, "unknown_step"),
        ("Bad-Name", 422, "invalid_request"),
    ],
)
async def test_a_step_whose_turn_it_is_not_changes_nothing(
    api: httpx.AsyncClient, agent: Json, step: str, status: int, code: str
) -> None:
    number = (await file(api, agent))["ticket"]["ticket_no"]
    answer = await api.post(f"/api/tickets/{number}/steps/{step}/complete", headers=agent)
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    whole = (await api.get(f"/api/tickets/{number}", headers=agent)).json()
    assert whole["steps"][0]["state"] == "current"


async def test_the_same_step_completed_twice_at_once_counts_once(
    api: httpx.AsyncClient, agent: Json
) -> None:
    number = (await file(api, agent))["ticket"]["ticket_no"]
    path = f"/api/tickets/{number}/steps/accept/complete"
    both = await asyncio.gather(*(api.post(path, headers=agent) for _ in range(2)))
    assert sorted(a.status_code for a in both) == [200, 409]


async def test_pages_follow_each_other_without_gap_or_repetition(
    api: httpx.AsyncClient, agent: Json
) -> None:
    for n in range(7):
        await file(api, agent, waybill_no=f"YT270000000020{n}")
    seen: list[str] = []
    cursor: str | None = None
    while True:
        query: Json = {"limit": 3, **({"cursor": cursor} if cursor else {})}
        page = (await api.get("/api/tickets", params=query, headers=agent)).json()
        seen += [t["ticket_no"] for t in page["tickets"]]
        cursor = page["next_cursor"]
        if cursor is None:
            break
    assert seen == sorted(seen, reverse=True)
    assert len(set(seen)) == 7


async def test_tickets_are_filtered(api: httpx.AsyncClient, agent: Json) -> None:
    await file(api, agent)
    await file(api, agent, kind="lost")
    page = (await api.get("/api/tickets?kind=lost&state=open", headers=agent)).json()
    assert [t["kind"] for t in page["tickets"]] == ["lost"]


async def test_tickets_are_filtered_by_priority(api: httpx.AsyncClient, agent: Json) -> None:
    await file(api, agent, kind="delay")
    hurried = await file(api, agent, kind="urge", urgent=True)
    page = (await api.get("/api/tickets?priority=high", headers=agent)).json()
    assert [t["ticket_no"] for t in page["tickets"]] == [hurried["ticket"]["ticket_no"]]
    unheard_of = await api.get("/api/tickets?priority=higher", headers=agent)
    assert unheard_of.json()["facts"]["fields"] == ["query.priority"]


async def test_an_agent_files_a_wish_with_its_details_and_without_a_parcel(
    api: httpx.AsyncClient, agent: Json
) -> None:
    wish = {"kind": "pickup", "description": "明天取件", "details": {"time": "明天上午"}}
    answer = await api.post("/api/tickets", json=wish, headers=agent)
    assert answer.status_code == 201, answer.text
    ticket = answer.json()["ticket"]
    assert (ticket["waybill_no"], ticket["carrier_name"]) == (None, "")
    whole = (await api.get(f"/api/tickets/{ticket['ticket_no']}", headers=agent)).json()
    assert whole["details"] == {"time": "明天上午"}


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"kind": "boredom"}, "unknown_ticket_kind"),
        ({"waybill_no": "短"}, "waybill_not_plausible"),
        ({"waybill_no": None}, "waybill_missing"),
        ({"details": {"Bad Name": "x"}}, "invalid_request"),
        ({"details": {"time": "长" * 501}}, "invalid_request"),
        ({"details": {f"d{'x' * n}": "x" for n in range(21)}}, "invalid_request"),
        ({"description": ""}, "invalid_request"),
        ({"role": "king"}, "invalid_request"),
    ],
)
async def test_a_complaint_that_makes_no_sense_is_refused(
    api: httpx.AsyncClient, agent: Json, body: Json, code: str
) -> None:
    good = {"kind": "damage", "waybill_no": "YT2700000000001", "description": "碎了"}
    answer = await api.post("/api/tickets", json={**good, **body}, headers=agent)
    assert (answer.status_code, answer.json()["error"]) == (422, code)


@pytest.mark.parametrize("cursor", ["%%%", "bm90IGEgZGF0ZXw=", "MjAyNi0xMS0yMlQwMDowMDowMHxU"])
async def test_a_forged_cursor_is_refused(api: httpx.AsyncClient, agent: Json, cursor: str) -> None:
    answer = await api.get("/api/tickets", params={"cursor": cursor}, headers=agent)
    assert (answer.status_code, answer.json()["error"]) == (422, "bad_cursor")


async def test_nobody_sees_tickets_without_signing_in(
    api: httpx.AsyncClient, assistant: Json
) -> None:
    assert (await api.get("/api/tickets")).status_code == 401
    assert (await api.get("/api/tickets", headers=assistant)).status_code == 403
    unknown = {"Authorization": "Bearer nonsense"}
    assert (await api.get("/api/tickets", headers=unknown)).status_code == 401
