"""Steps of a ticket: who may do them, in which order, and what becomes of the ticket."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from tests.support.filling import filled
from tests.ticketing.walking import step_on
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.tickets import lookup, steps
from ticketing.tickets.models import TicketStep

Json = dict[str, Any]


async def opened(api: httpx.AsyncClient, headers: Json, kind: str = "damage", **more: Any) -> Json:
    body = {"kind": kind, "waybill_no": "YT2700000000001", "description": "杯子碎了", **more}
    answer = await api.post("/api/tickets", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    ticket: Json = answer.json()["ticket"]
    return ticket


async def look(api: httpx.AsyncClient, headers: Json, ticket: Json) -> Json:
    whole: Json = (await api.get(f"/api/tickets/{ticket['ticket_no']}", headers=headers)).json()
    return whole


async def complete(
    api: httpx.AsyncClient, headers: Json, ticket: Json, step: str, **body: Any
) -> httpx.Response:
    path = f"/api/tickets/{ticket['ticket_no']}/steps/{step}/complete"
    return await api.post(path, json=body, headers=headers)


def open_names(ticket: Json) -> list[str]:
    return [step["step"] for step in ticket["open_steps"]]


async def until(api: httpx.AsyncClient, lead: Json, ticket: Json, step: str) -> Json:
    for _ in range(20):
        if step in open_names(ticket):
            return ticket
        ticket = await step_on(api, lead, ticket)
    raise AssertionError(f"{step} was never reached")


async def test_parallel_steps_are_open_together_and_meet_again(
    api: httpx.AsyncClient, lead: Json
) -> None:
    ticket = await until(api, lead, await opened(api, lead), "warehouse_check")
    assert open_names(ticket) == ["warehouse_check", "branch_evidence"]
    assert {step["role"] for step in ticket["open_steps"]} == {"warehouse", "dispatch"}
    one = (await complete(api, lead, ticket, "branch_evidence", data={"statement": "无责"})).json()
    assert open_names(one) == ["warehouse_check"]
    both = (await complete(api, lead, ticket, "warehouse_check", data={"damaged": True})).json()
    assert open_names(both) == ["liability"]


async def test_a_form_that_is_not_filled_in_keeps_the_step_where_it_is(
    api: httpx.AsyncClient, lead: Json
) -> None:
    ticket = await until(api, lead, await opened(api, lead), "liability")
    answer = await complete(api, lead, ticket, "liability", data={"loss_ratio": 7})
    assert (answer.status_code, answer.json()["error"]) == (422, "form_data_invalid")
    assert {problem["key"] for problem in answer.json()["facts"]["problems"]} == {
        "amount",
        "loss_ratio",
    }
    assert open_names(await look(api, lead, ticket)) == ["liability"]


async def test_what_was_filled_in_is_kept_with_the_step_and_in_the_history(
    api: httpx.AsyncClient, lead: Json, house: House
) -> None:
    ticket = await opened(api, lead)
    await complete(api, lead, ticket, "accept", data={"summary": "外箱破"}, note="先电话问过")
    line = (await look(api, lead, ticket))["changes"][2]
    assert line["facts"]["data"] == {"summary": "外箱破"}
    assert line["facts"]["note"] == "先电话问过"
    async with house.db.transaction() as session:
        row = (await session.scalars(select(TicketStep).where(TicketStep.step == "accept"))).one()
    assert (row.data, row.done_by, row.outcome) == ({"summary": "外箱破"}, "lena", "done")


async def test_an_amount_above_the_limit_must_be_approved_by_a_lead(
    api: httpx.AsyncClient, agent: Json, lead: Json
) -> None:
    ticket = await until(api, lead, await opened(api, lead), "liability")
    ticket = (await complete(api, lead, ticket, "liability", data={"amount": 1800})).json()
    assert open_names(ticket) == ["approve"]
    refused = await complete(api, agent, ticket, "approve", data={"decision": "approve"})
    assert (refused.status_code, refused.json()["error"]) == (403, "step_needs_lead")
    ticket = (await complete(api, lead, ticket, "approve", data={"decision": "approve"})).json()
    assert open_names(ticket) == ["confirm"]


async def test_a_rejected_solution_comes_back_with_its_reason(
    api: httpx.AsyncClient, lead: Json
) -> None:
    ticket = await until(api, lead, await opened(api, lead), "confirm")
    rejected = {"decision": "reject", "reason": "赔得太少"}
    ticket = (await complete(api, lead, ticket, "confirm", data=rejected)).json()
    assert open_names(ticket) == ["liability"]
    assert ticket["state"] == "open"
    lines = (await look(api, lead, ticket))["changes"]
    assert any(line["facts"].get("data") == rejected for line in lines)
    again = await until(api, lead, ticket, "confirm")
    assert again["state"] != "closed"


async def test_a_step_is_sent_back_with_a_reason_and_is_done_anew(
    api: httpx.AsyncClient, lead: Json
) -> None:
    ticket = await until(api, lead, await opened(api, lead), "liability")
    path = f"/api/tickets/{ticket['ticket_no']}/steps/liability/send-back"
    body = {"to": "verify", "reason": "照片看不清"}
    back = await api.post(path, json=body, headers=lead)
    assert back.status_code == 200, back.text
    assert open_names(back.json()) == ["verify"]
    line = (await look(api, lead, ticket))["changes"][-2]
    assert (line["what"], line["facts"]["note"]) == ("step_sent_back", "照片看不清")
    never = await api.post(
        f"/api/tickets/{ticket['ticket_no']}/steps/verify/send-back",
        json={"to": "pay", "reason": "先赔"},
        headers=lead,
    )
    assert (never.status_code, never.json()["error"]) == (409, "cannot_send_back")


async def test_what_only_a_lead_may_decide_no_agent_sends_back(
    api: httpx.AsyncClient, agent: Json, lead: Json
) -> None:
    ticket = await until(api, lead, await opened(api, lead), "liability")
    ticket = (await complete(api, lead, ticket, "liability", data={"amount": 1800})).json()
    path = f"/api/tickets/{ticket['ticket_no']}/steps/approve/send-back"
    body = {"to": "verify", "reason": "照片看不清"}
    refused = await api.post(path, json=body, headers=agent)
    assert (refused.status_code, refused.json()["error"]) == (403, "step_needs_lead")
    assert open_names(await look(api, lead, ticket)) == ["approve"]
    back = await api.post(path, json=body, headers=lead)
    assert open_names(back.json()) == ["verify"]


async def test_whoever_looked_at_an_older_version_is_told_both(
    api: httpx.AsyncClient, lead: Json
) -> None:
    ticket = await opened(api, lead)
    await complete(api, lead, ticket, "accept", version=ticket["version"])
    late = await complete(api, lead, ticket, "verify", version=ticket["version"])
    assert (late.status_code, late.json()["error"]) == (409, "ticket_changed_meanwhile")
    facts = late.json()["facts"]
    assert facts["seen_version"] == ticket["version"] < facts["current_version"]


async def test_a_timer_that_fires_late_changes_nothing(
    api: httpx.AsyncClient, lead: Json, house: House
) -> None:
    ticket = await until(api, lead, await opened(api, lead), "confirm")
    number = ticket["ticket_no"]
    async with house.db.transaction() as session:
        moved = await steps.fire_timer(session, number, "customer_silent", clock.now())
    assert moved is not None
    assert open_names(await look(api, lead, ticket)) == ["pay"]
    async with house.db.transaction() as session:
        assert await steps.fire_timer(session, number, "customer_silent", clock.now()) is None


async def test_a_step_left_by_a_timer_is_on_record_as_timed_out(
    api: httpx.AsyncClient, lead: Json, house: House
) -> None:
    ticket = await until(api, lead, await opened(api, lead), "branch_evidence")
    later = clock.now() + timedelta(days=1)
    async with house.db.transaction() as session:
        await steps.fire_timer(session, ticket["ticket_no"], "branch_silent", later)
        query = select(TicketStep).where(TicketStep.step == "branch_evidence")
        row = (await session.scalars(query)).one()
    assert (row.outcome, row.done_by, row.done_at) == ("timed_out", "timer", later)
    assert open_names(await look(api, lead, ticket)) == ["warehouse_check"]


async def test_the_first_human_answer_is_remembered_once(
    api: httpx.AsyncClient, lead: Json
) -> None:
    ticket = await opened(api, lead)
    assert ticket["responded_at"] is None
    first = (await complete(api, lead, ticket, "accept")).json()["responded_at"]
    second = (await complete(api, lead, ticket, "verify", data=filled("first_review"))).json()
    assert first is not None
    assert second["responded_at"] == first


async def test_priority_is_changed_by_hand_and_noted(api: httpx.AsyncClient, lead: Json) -> None:
    ticket = await opened(api, lead, kind="delay")
    path = f"/api/tickets/{ticket['ticket_no']}"
    raised = await api.post(f"{path}/priority", json={"priority": "urgent"}, headers=lead)
    assert raised.json()["priority"] == "urgent"
    line = (await look(api, lead, ticket))["changes"][-1]
    assert line["facts"] == {"before": ticket["priority"], "after": "urgent"}


async def test_a_note_is_for_our_people_and_fits_on_closed_tickets(
    api: httpx.AsyncClient, lead: Json, house: House
) -> None:
    ticket = await opened(api, lead, kind="delay")
    async with house.db.transaction() as session:
        found = await lookup.ticket_by_no(session, ticket["ticket_no"], lock=True)
        await steps.end(session, found, outcome="withdrawn", by="lena", now=clock.now())
    path = f"/api/tickets/{ticket['ticket_no']}/notes"
    noted = await api.post(path, json={"text": "客户很着急"}, headers=lead)
    assert noted.status_code == 201
    assert noted.json()["changes"][-1]["facts"] == {"text": "客户很着急"}
    assert noted.json()["state"] == "closed"


@pytest.mark.parametrize(("intent", "kind"), [("report_damage", "damage"), ("report_lost", "lost")])
async def test_without_a_kind_the_table_of_kinds_decides(
    api: httpx.AsyncClient, lead: Json, intent: str, kind: str
) -> None:
    body = {"intent": intent, "waybill_no": "YT2700000000001", "description": "杯子碎了"}
    answer = await api.post("/api/tickets", json=body, headers=lead)
    assert answer.json()["ticket"]["kind"] == kind
