"""Whole conversations in customers' own words, from the first one to the goal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.journeys.agent import Agent
from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.customer import Customer
from tests.journeys.script import Conversation, Goal, Play, conversations, fits
from tests.journeys.shelf import Shelf
from ticketing.run.demo import sign_in_of
from ticketing.run.system import System

ALL = conversations()
AT_LEAST = 65


@pytest.fixture(scope="module")
def desk(house: System) -> Iterator[Agent]:
    """One person at the desk for all these conversations."""
    sign_in = sign_in_of(house.plan.data_dir)
    agent = Agent(house.plan.api_url, sign_in["username"], sign_in["password"])
    yield agent
    agent.close()


@pytest.fixture(scope="module")
def shelf(whole_carrier_world: CarrierWorld) -> Shelf:
    """The parcels of all these conversations."""
    return Shelf(whole_carrier_world)


@pytest.fixture(autouse=True)
def _nobody_left_waiting(desk: Agent) -> Iterator[None]:
    yield
    for conversation in desk.waiting():
        desk.give_back(conversation["id"])


def test_there_are_conversations_enough() -> None:
    assert len(ALL) >= AT_LEAST


@pytest.mark.parametrize("conversation", ALL, ids=lambda each: each.name)
def test_a_conversation_arrives_where_the_customer_wanted(
    customer: Customer, shelf: Shelf, desk: Agent, conversation: Conversation
) -> None:
    play = Play(conversation, customer, shelf)
    before = filed_about(play, desk)
    play.run()
    assert arrived(play, desk, before) == [], play.transcript()
    shelf.put_back(list(play.parcels.values()), conversation.goal.kinds)


def filed_about(play: Play, desk: Agent) -> dict[str, str]:
    """Return the tickets about a conversation's parcels: number → kind."""
    numbers = [parcel.waybill_no for parcel in play.parcels.values()]
    tickets = [ticket for number in numbers for ticket in desk.tickets_of(number)]
    return {ticket["ticket_no"]: ticket["kind"] for ticket in tickets}


def arrived(play: Play, desk: Agent, before: dict[str, str]) -> list[str]:
    """Return what is not as the goal of a conversation says; `before`: what was filed earlier."""
    goal = play.conversation.goal
    amiss = [*wrong_tickets(play, desk, before), *wrong_owner(desk, goal)]
    if goal.parcel and play.parcel_shown != goal.parcel:
        amiss.append(f"card of {play.parcel_shown} instead of {goal.parcel}")
    return amiss


def wrong_tickets(play: Play, desk: Agent, before: dict[str, str]) -> list[str]:
    """Return what is wrong with the tickets people find."""
    goal = play.conversation.goal
    found = [desk.ticket(number) for number in play.tickets_told]
    amiss = [
        f"{name} is {ticket.get(name)!r} instead of {value!r}"
        for ticket, wanted in zip(found, goal.tickets, strict=False)
        for name, value in as_kept(play, wanted).items()
        if not fits(ticket.get(name), value)
    ]
    known = {*before, *play.tickets_told}
    untold = [kind for no, kind in filed_about(play, desk).items() if no not in known]
    if len(found) != len(goal.tickets) or untold:
        amiss.append(f"tickets {[each['kind'] for each in found]}, untold {untold}")
    return amiss


def as_kept(play: Play, wanted: Any) -> dict[str, Any]:
    """Return a ticket of a goal with the names and values of the agents' API."""
    fields = {"state": "open", **wanted}
    parcel = fields.pop("parcel", None)
    return fields | ({"waybill_no": play.parcels[parcel].waybill_no} if parcel else {})


def wrong_owner(desk: Agent, goal: Goal) -> list[str]:
    """Return what is wrong with who has the conversation."""
    waiting = [(each["owner"], each["reason"], each["priority"]) for each in desk.waiting()]
    wanted = [] if goal.owner == "bot" else [(goal.owner, goal.reason, goal.priority)]
    return [] if waiting == wanted else [f"waiting: {waiting} instead of {wanted}"]
