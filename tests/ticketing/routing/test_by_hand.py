"""What people do with steps by hand, through the API."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from tests.ticketing.routing.floor import (
    Standing,
    headers,
    hire,
    history_of,
    lines_of,
    put_on_the_table,
    sit_down,
    step_of,
    ticket_of,
)
from ticketing.accounts.models import Person
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.routing.looking_round import look_round
from ticketing.tickets.models import Ticket, TicketStep


@pytest.fixture
async def people(house: House) -> None:
    """Anna and bob handle claims, fay handles finance, lena leads, nobody is present."""
    await hire(house, "anna", "bob")
    await hire(house, "fay", team="finance")
    await hire(house, "lena", role=Role.LEAD)


@pytest.fixture
async def at(house: House) -> Standing:
    return await put_on_the_table(house)


class Hands:
    """Does things to a step through the door, as somebody."""

    def __init__(self, house: House, api: httpx.AsyncClient, at: Standing) -> None:
        self._house, self._api = house, api
        self._at = f"/api/tickets/{at.ticket_no}/steps"

    async def do(
        self, verb: str, by: str, body: dict[str, Any] | None = None, step: str = "assess"
    ) -> httpx.Response:
        """Do it; return the answer."""
        role = Role.LEAD if by == "lena" else Role.AGENT
        sent = headers(self._house, by, role)
        return await self._api.post(f"{self._at}/{step}/{verb}", json=body, headers=sent)


@pytest.fixture
def hands(house: House, api: httpx.AsyncClient, at: Standing, people: None) -> Hands:  # noqa: ARG001
    return Hands(house, api, at)


def refused(answer: httpx.Response) -> tuple[int, str]:
    """Status and code of a refusal."""
    return answer.status_code, answer.json()["error"]


async def test_a_claimed_step_is_ones_own_and_counts_as_a_response(
    house: House, hands: Hands, at: Standing
) -> None:
    answer = await hands.do("claim", "anna")
    assert answer.status_code == 200
    assert (answer.json()["assignee"], answer.json()["queue"]) == ("anna", "claims")
    ticket = await ticket_of(house, at)
    assert ticket.responded_at is not None
    assert answer.json()["version"] == ticket.version
    (line,) = await lines_of(house, at)
    assert (line.by, line.why) == ("anna", "anna 领取")


async def test_claiming_again_changes_nothing(house: House, hands: Hands, at: Standing) -> None:
    await hands.do("claim", "anna")
    assert (await hands.do("claim", "anna")).status_code == 200
    assert len(await history_of(house, at)) == 1


async def test_claiming_what_one_was_given_counts_as_a_response(
    house: House, hands: Hands, at: Standing
) -> None:
    async with house.db.transaction() as session:
        await session.execute(update(TicketStep).values(assignee="anna"))
    await hands.do("claim", "anna")
    assert (await ticket_of(house, at)).responded_at is not None


async def test_what_another_has_cannot_be_claimed(hands: Hands) -> None:
    await hands.do("claim", "anna")
    answer = await hands.do("claim", "bob")
    assert refused(answer) == (409, "step_taken")
    assert answer.json()["facts"]["assignee"] == "anna"


async def test_of_many_who_claim_at_once_one_gets_it(
    house: House, hands: Hands, at: Standing
) -> None:
    answers = await asyncio.gather(*(hands.do("claim", who) for who in ("anna", "bob", "lena") * 3))
    winners = {a.json()["assignee"] for a in answers if a.status_code == 200}
    assert len(winners) == 1
    assert (await step_of(house, at)).assignee in winners
    assert {a.status_code for a in answers} == {200, 409}
    assert len(await history_of(house, at)) == 1


async def test_a_released_step_goes_to_somebody_else(
    house: House, hands: Hands, at: Standing
) -> None:
    await hands.do("claim", "anna")
    await sit_down(house, "anna", "bob")
    answer = await hands.do("release", "anna", {"note": "不熟悉"})
    assert answer.json()["assignee"] == "bob"
    line = (await lines_of(house, at))[-1]
    assert line.why.startswith("anna 放回队列：不熟悉；bob：")


async def test_a_released_step_waits_and_does_not_come_back_by_itself(
    house: House, hands: Hands, at: Standing
) -> None:
    await hands.do("claim", "anna")
    await sit_down(house, "anna")
    assert (await hands.do("release", "anna")).json()["assignee"] is None
    await look_round(house.db, clock.now)
    assert (await step_of(house, at)).assignee is None
    assert (await hands.do("claim", "anna")).json()["assignee"] == "anna"


async def test_only_the_assignee_or_a_lead_puts_a_step_back(hands: Hands) -> None:
    await hands.do("claim", "anna")
    assert refused(await hands.do("release", "bob")) == (403, "step_of_another")
    assert (await hands.do("release", "lena")).json()["assignee"] is None


async def test_putting_back_what_nobody_has_changes_nothing(
    house: House, hands: Hands, at: Standing
) -> None:
    assert (await hands.do("release", "anna")).status_code == 200
    assert await history_of(house, at) == []


async def test_a_lead_gives_a_step_to_whom_they_want(
    house: House, hands: Hands, at: Standing
) -> None:
    answer = await hands.do("assign", "lena", {"assignee": "fay", "note": "熟悉保价"})
    assert answer.json()["assignee"] == "fay"
    assert (await ticket_of(house, at)).responded_at is None
    assert (await lines_of(house, at))[0].why == "lena 指派给 fay：熟悉保价"


async def test_an_agent_assigns_nobody(hands: Hands) -> None:
    answer = await hands.do("assign", "anna", {"assignee": "bob"})
    assert refused(answer) == (403, "not_allowed")


async def test_nobody_assigns_to_a_stranger_or_to_who_has_left(house: House, hands: Hands) -> None:
    answer = await hands.do("assign", "lena", {"assignee": "nobody"})
    assert refused(answer) == (404, "unknown_person")
    async with house.db.transaction() as session:
        left = update(Person).where(Person.username == "bob")
        await session.execute(left.values(is_active=False))
    answer = await hands.do("assign", "lena", {"assignee": "bob"})
    assert refused(answer) == (409, "person_inactive")


async def test_who_has_seen_another_assignee_is_told_both(hands: Hands) -> None:
    await hands.do("claim", "anna")
    body = {"assignee": "fay", "expected_assignee": None}
    answer = await hands.do("assign", "lena", body)
    assert refused(answer) == (409, "assignee_changed")
    facts = answer.json()["facts"]
    assert (facts["expected"], facts["actual"]) == (None, "anna")
    answer = await hands.do("assign", "lena", {**body, "expected_assignee": "anna"})
    assert answer.json()["assignee"] == "fay"


async def test_who_has_seen_an_older_version_is_told_both(
    house: House, hands: Hands, at: Standing
) -> None:
    seen = (await ticket_of(house, at)).version
    await hands.do("claim", "anna")
    answer = await hands.do("assign", "lena", {"assignee": "fay", "version": seen})
    assert refused(answer) == (409, "ticket_changed_meanwhile")
    facts = answer.json()["facts"]
    assert (facts["seen_version"], facts["current_version"]) == (seen, seen + 1)


async def test_a_step_is_handed_over_to_another_department(
    house: House, hands: Hands, at: Standing
) -> None:
    await hands.do("claim", "anna")
    await sit_down(house, "anna", "bob", "fay")
    answer = await hands.do("hand-over", "anna", {"queue": "finance", "note": "请先核对打款"})
    told = answer.json()
    assert (told["queue"], told["assignee"]) == ("finance", "fay")
    line = (await lines_of(house, at))[-1]
    assert line.why.startswith("anna 转交「财务」：请先核对打款；fay：")
    assert (await ticket_of(house, at)).queue == "finance"


async def test_a_handed_over_step_waits_where_nobody_is(hands: Hands) -> None:
    answer = await hands.do("hand-over", "anna", {"queue": "billing", "note": "要开票"})
    assert (answer.json()["queue"], answer.json()["assignee"]) == ("billing", None)


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({"queue": "gardening", "note": "不知道给谁"}, (404, "unknown_queue")),
        ({"queue": "finance"}, (422, "invalid_request")),
        ({"queue": "finance", "note": "  "}, (422, "invalid_request")),
    ],
)
async def test_a_hand_over_names_a_queue_and_a_reason(
    hands: Hands, body: dict[str, str], refusal: tuple[int, str]
) -> None:
    assert refused(await hands.do("hand-over", "anna", body)) == refusal


async def test_anothers_step_is_handed_over_by_a_lead_alone(hands: Hands) -> None:
    await hands.do("claim", "anna")
    body = {"queue": "finance", "note": "转财务"}
    assert refused(await hands.do("hand-over", "bob", body)) == (403, "step_of_another")
    assert (await hands.do("hand-over", "lena", body)).json()["queue"] == "finance"


@pytest.mark.parametrize("verb", ["claim", "release", "assign", "hand-over"])
async def test_nothing_is_done_to_a_step_the_ticket_does_not_stand_at(
    hands: Hands, verb: str
) -> None:
    body = {"assignee": "anna", "queue": "finance", "note": "转"}
    answer = await hands.do(verb, "lena", body, step="elsewhere")
    assert refused(answer) == (404, "step_not_open")


async def test_the_customers_step_is_claimed_by_nobody(house: House, hands: Hands) -> None:
    async with house.db.transaction() as session:
        await session.execute(update(TicketStep).values(role="customer"))
    assert refused(await hands.do("claim", "anna")) == (409, "step_not_for_people")


async def test_nothing_is_done_to_a_closed_ticket(house: House, hands: Hands) -> None:
    async with house.db.transaction() as session:
        await session.execute(update(Ticket).values(state="closed"))
    assert refused(await hands.do("claim", "anna")) == (409, "ticket_already_closed")


async def test_an_unknown_ticket_has_no_steps(house: House, api: httpx.AsyncClient) -> None:
    await hire(house, "anna")
    door = "/api/tickets/T20200101000001/steps/assess/claim"
    answer = await api.post(door, headers=headers(house, "anna"))
    assert refused(answer) == (404, "unknown_ticket")
