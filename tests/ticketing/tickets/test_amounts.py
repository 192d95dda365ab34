"""Who must approve an amount: nobody, a lead or finance, by its size and by what is usual."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from tests.support.filling import filled
from tests.ticketing.tickets.desk import WAYBILL
from tests.ticketing.walking import Json, step_on
from ticketing.composition import House
from ticketing.rules.models import RuleEvaluation


async def at_liability(
    api: httpx.AsyncClient, lead: Json, kind: str = "damage", **details: str
) -> Json:
    """Open a ticket and bring it to where its amount is decided."""
    body = {"kind": kind, "waybill_no": WAYBILL, "description": "碎了", "details": details}
    ticket: Json = (await api.post("/api/tickets", json=body, headers=lead)).json()["ticket"]
    for _ in range(12):
        if ticket["open_steps"][0]["step"] == "liability":
            return ticket
        ticket = await step_on(api, lead, ticket)
    raise AssertionError("nobody decides the amount")


async def decide(api: httpx.AsyncClient, headers: Json, ticket: Json, **data: Any) -> Json:
    """Fill in the form about liability; return the ticket after it."""
    path = f"/api/tickets/{ticket['ticket_no']}/steps/liability/complete"
    answer = await api.post(path, json={"data": filled("liability", **data)}, headers=headers)
    assert answer.status_code == 200, answer.text
    moved: Json = answer.json()
    return moved


def waits_at(ticket: Json) -> str:
    [step] = ticket["open_steps"]
    name: str = step["step"]
    return name


@pytest.mark.parametrize(
    ("amount", "next_step"),
    [(1, "confirm"), (500, "confirm"), (500.01, "approve"), (2000, "approve"), (2001, "approve")],
)
async def test_above_500_yuan_somebody_approves(
    api: httpx.AsyncClient, lead: Json, amount: float, next_step: str
) -> None:
    ticket = await at_liability(api, lead, insured_value="9000", loss_ratio="1")
    assert waits_at(await decide(api, lead, ticket, amount=amount)) == next_step


@pytest.mark.parametrize(("amount", "next_step"), [(84, "confirm"), (84.01, "approve")])
async def test_above_what_is_usual_somebody_approves_however_small_it_is(
    api: httpx.AsyncClient, lead: Json, amount: float, next_step: str
) -> None:
    ticket = await at_liability(api, lead, fee="12")
    assert waits_at(await decide(api, lead, ticket, amount=amount)) == next_step


async def test_where_nothing_is_usual_the_limit_alone_counts(
    api: httpx.AsyncClient, lead: Json
) -> None:
    ticket = await at_liability(api, lead)
    assert waits_at(await decide(api, lead, ticket, amount=480)) == "confirm"


@pytest.mark.parametrize(
    ("amount", "role"), [(400, "customer_service"), (1800, "lead"), (2600, "finance")]
)
async def test_the_evaluation_that_decided_is_on_record_with_its_ticket(
    api: httpx.AsyncClient, lead: Json, house: House, amount: float, role: str
) -> None:
    ticket = await at_liability(api, lead, insured_value="9000")
    await decide(api, lead, ticket, amount=amount)
    asked = select(RuleEvaluation).where(
        RuleEvaluation.table_name == "approval", RuleEvaluation.subject == ticket["ticket_no"]
    )
    async with house.db.transaction() as session:
        [kept] = (await session.scalars(asked)).all()
    assert kept.outputs[0]["approval_role"] == role
    assert kept.facts["amount"] == amount


async def test_an_agent_decides_the_amount_and_not_that_it_is_right(
    api: httpx.AsyncClient, lead: Json, agent: Json
) -> None:
    ticket = await at_liability(api, lead)
    moved = await decide(api, agent, ticket, amount=900)
    path = f"/api/tickets/{ticket['ticket_no']}/steps/approve/complete"
    body = {"data": {"decision": "approve"}}
    refused = await api.post(path, json=body, headers=agent)
    assert (refused.status_code, refused.json()["error"]) == (403, "step_needs_lead")
    assert refused.json()["facts"] == {"step": "approve"}
    after = (await api.get(f"/api/tickets/{ticket['ticket_no']}", headers=agent)).json()
    assert after["version"] == moved["version"]
    assert waits_at((await api.post(path, json=body, headers=lead)).json()) == "confirm"


async def test_an_amount_that_was_refused_is_decided_anew(
    api: httpx.AsyncClient, lead: Json
) -> None:
    ticket = await at_liability(api, lead)
    await decide(api, lead, ticket, amount=900)
    path = f"/api/tickets/{ticket['ticket_no']}/steps/approve/complete"
    body = {"data": {"decision": "reject", "reason": "没有购买凭证"}}
    back = (await api.post(path, json=body, headers=lead)).json()
    assert waits_at(back) == "liability"
    assert waits_at(await decide(api, lead, back, amount=300)) == "confirm"


async def test_a_lost_parcel_is_weighed_like_a_broken_one(
    api: httpx.AsyncClient, lead: Json
) -> None:
    ticket = await at_liability(api, lead, "lost", insured_value="600")
    assert waits_at(await decide(api, lead, ticket, amount=600)) == "approve"


@pytest.mark.parametrize("amount", [-1, "很多", 10_000_001, None])
async def test_what_is_no_amount_is_not_weighed(
    api: httpx.AsyncClient, lead: Json, house: House, amount: Any
) -> None:
    ticket = await at_liability(api, lead)
    path = f"/api/tickets/{ticket['ticket_no']}/steps/liability/complete"
    answer = await api.post(path, json={"data": {"amount": amount}}, headers=lead)
    assert (answer.status_code, answer.json()["error"]) == (422, "form_data_invalid")
    async with house.db.transaction() as session:
        asked = select(RuleEvaluation).where(RuleEvaluation.table_name == "approval")
        assert (await session.scalars(asked)).all() == []
