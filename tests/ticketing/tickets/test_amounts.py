"""Who must approve an amount: nobody, a lead or finance, by its size and by what is usual."""

from __future__ import annotations

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from tests.support.filling import filled
from tests.ticketing.people import sign_in
from tests.ticketing.routing.floor import hire
from tests.ticketing.tickets.desk import WAYBILL
from tests.ticketing.walking import Json, step_on
from ticketing.accounts.tokens import Role
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
    [
        *((1, "confirm"), (500, "confirm"), (500.01, "approve"), (2000, "approve")),
        *((2000.01, "approve_finance"), (9000, "approve_finance")),
    ],
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


async def complete(
    api: httpx.AsyncClient, headers: Json, ticket: Json, step: str, **data: Any
) -> httpx.Response:
    """Complete a step with exactly these answers."""
    path = f"/api/tickets/{ticket['ticket_no']}/steps/{step}/complete"
    return await api.post(path, json={"data": data}, headers=headers)


async def looked_up(api: httpx.AsyncClient, headers: Json, ticket: Json) -> Json:
    answer = await api.get(f"/api/tickets/{ticket['ticket_no']}", headers=headers)
    found: Json = answer.json()
    return found


async def bring_to(api: httpx.AsyncClient, lead: Json, kind: str, step: str, **given: Any) -> Json:
    """Open a ticket and complete what comes before a step; `given` are answers by step."""
    body = {"kind": kind, "waybill_no": WAYBILL, "description": "请处理"}
    ticket: Json = (await api.post("/api/tickets", json=body, headers=lead)).json()["ticket"]
    for _ in range(12):
        todo = ticket["open_steps"][0]["step"]
        if todo == step:
            return ticket
        answers = {"send_back": {"new_waybill_no": "SF1358246790123"}, **given}.get(todo, {})
        ticket = await step_on(api, lead, ticket, **answers)
    raise AssertionError(f"{kind} never comes to {step}")


async def test_above_the_limit_of_a_lead_finance_approves(
    api: httpx.AsyncClient, lead: Json, agent: Json, house: House
) -> None:
    fay = await sign_in(house, api, "fay", Role.AGENT)
    await hire(house, "fay", team="finance")
    ticket = await decide(api, agent, await at_liability(api, lead), amount=2600)
    for headers in (agent, lead):
        refused = await complete(api, headers, ticket, "approve_finance", decision="approve")
        assert (refused.status_code, refused.json()["error"]) == (403, "out_of_scope")
    assert (await looked_up(api, lead, ticket))["version"] == ticket["version"]
    approved = await complete(api, fay, ticket, "approve_finance", decision="approve")
    assert waits_at(approved.json()) == "confirm"


async def test_a_manager_approves_what_a_lead_may_not_and_may_refuse_it(
    api: httpx.AsyncClient, lead: Json, house: House
) -> None:
    mona = await sign_in(house, api, "mona", Role.MANAGER)
    ticket = await decide(api, lead, await at_liability(api, lead), amount=2600)
    data = {"decision": "reject", "reason": "没有购买凭证"}
    back = (await complete(api, mona, ticket, "approve_finance", **data)).json()
    assert waits_at(back) == "liability"
    assert waits_at(await decide(api, lead, back, amount=900)) == "approve"
    again = (await complete(api, lead, back, "approve", **data)).json()
    assert waits_at(await decide(api, lead, again, amount=2700)) == "approve_finance"
    approved = await complete(api, mona, again, "approve_finance", decision="approve")
    assert waits_at(approved.json()) == "confirm"


SOLUTIONS: dict[str, tuple[str, Json]] = {
    "delay": ("solution", {"chase": {"outcome": "lost"}}),
    "interception": ("solution", {"intercept": {"success": False}}),
    "complaint": ("handle", {}),
    "return_exchange": ("solution", {"inspect": {"passed": False}}),
}


async def promise(api: httpx.AsyncClient, lead: Json, kind: str, amount: float) -> Json:
    """Open a ticket of a kind and offer so much; return it as it is then."""
    step, given = SOLUTIONS[kind]
    ticket = await bring_to(api, lead, kind, step, **given)
    more = {"follows": "refund"} if kind == "return_exchange" else {}
    moved: Json = (
        await complete(api, lead, ticket, step, text="补偿您", amount=amount, **more)
    ).json()
    return moved


@pytest.mark.parametrize("kind", SOLUTIONS)
@pytest.mark.parametrize(("amount", "next_step"), [(800, "approve"), (2600, "approve_finance")])
async def test_money_of_every_solution_is_weighed(
    api: httpx.AsyncClient, lead: Json, kind: str, amount: float, next_step: str
) -> None:
    assert waits_at(await promise(api, lead, kind, amount)) == next_step


@pytest.mark.parametrize("kind", SOLUTIONS)
async def test_what_was_promised_is_paid_and_no_more(
    api: httpx.AsyncClient, lead: Json, cashier: Json, kind: str
) -> None:
    ticket = await promise(api, lead, kind, 20.5)
    if waits_at(ticket) == "approve":
        await complete(api, lead, ticket, "approve", decision="approve")
    agreed = (await complete(api, lead, ticket, "confirm", decision="accept")).json()
    pay = "refund" if kind == "return_exchange" else "pay"
    assert waits_at(agreed) == pay
    refused = await complete(api, cashier, ticket, pay, amount=20.51, reference="P1")
    assert (refused.status_code, refused.json()["error"]) == (422, "payment_above_agreed")
    assert refused.json()["detail"] == "实付 20.51 元超过了约定的 20.5 元，请核对后再打款"
    assert refused.json()["facts"] == {"step": pay, "amount": 20.51, "agreed": 20.5}
    kept = await looked_up(api, lead, ticket)
    assert (kept["version"], waits_at(kept)) == (agreed["version"], pay)
    paid = await complete(api, cashier, ticket, pay, amount=20.5, reference="P1")
    assert paid.status_code == 200
    assert waits_at(paid.json()) != pay


async def test_an_amount_that_was_never_settled_is_paid_by_finance_alone(
    api: httpx.AsyncClient, lead: Json, agent: Json, cashier: Json
) -> None:
    ticket = await bring_to(api, lead, "return_exchange", "refund", review={"wish": "refund"})
    for headers in (agent, lead):
        refused = await complete(api, headers, ticket, "refund", amount=900)
        assert (refused.status_code, refused.json()["error"]) == (403, "out_of_scope")
    paid = await complete(api, cashier, ticket, "refund", amount=2600)
    assert waits_at(paid.json()) == "close"
