"""The bot is gone: nobody is left in limbo, and it comes back."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest

from tests.journeys.agent import Agent
from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.house_fixtures import NewCustomer
from ticketing.run.system import System

START_SECONDS = 90.0


@pytest.fixture
def bot_down(house: System) -> Iterator[System]:
    """The house without its bot; whole again afterwards."""
    house.kill("bot")
    yield house
    house.revive()
    house.wait_until_ready(START_SECONDS, meanwhile=lambda: None)


def place_in_queue(text: str) -> int:
    """Return the place a customer is told."""
    return int(text.partition("第 ")[2].partition(" 位")[0])


def test_a_customer_is_told_and_queued_while_the_bot_is_down_and_served_when_it_is_back(
    bot_down: System, new_customer: NewCustomer, carrier_world: CarrierWorld, agent: Agent
) -> None:
    parcel, customer, other = carrier_world.take(), new_customer(), new_customer()
    told = customer.say(f"{parcel.waybill_no}到哪了")
    assert [message.author for message in told.messages] == ["system"]
    assert "人工" in told.text
    assert "人工" in other.say("你好").text
    assert place_in_queue(other.last.text) == place_in_queue(told.text) + 1
    waiting = agent.waiting()[-2:]
    assert [c["owner"] for c in waiting] == ["queue", "queue"]
    assert {c["reason"] for c in waiting} == {"bot_failure"}
    assert missing_parts(bot_down) == ["bot"]

    agent.reply(waiting[0]["id"], "我来帮您看着")
    assert customer.wait_for("帮您看着").messages[-1].author == "agent"
    assert not [m for m in customer.tell("好的").messages if m.author == "bot"]

    assert bot_down.revive() == ["bot"]
    bot_down.wait_until_ready(START_SECONDS, meanwhile=lambda: None)
    for conversation in waiting:
        agent.give_back(conversation["id"])
    assert "后四位" in customer.say(f"{parcel.waybill_no}到哪了").text
    assert customer.say(parcel.phone_tail).card["waybill_no"] == parcel.waybill_no
    assert other.say("你好").messages[0].author == "bot"


def missing_parts(house: System) -> list[str]:
    """Return what `/readyz` says is missing."""
    shown = httpx.get(f"{house.plan.api_url}/readyz", timeout=5, trust_env=False)
    assert shown.status_code == 503
    missing: list[str] = shown.json()["missing"]
    return missing


def test_without_actions_a_customer_is_told_and_queued(
    house: System, new_customer: NewCustomer, carrier_world: CarrierWorld, agent: Agent
) -> None:
    parcel, customer = carrier_world.take(), new_customer()
    house.kill("actions")
    told = customer.say(f"{parcel.waybill_no}到哪了")
    assert "人工" in told.text
    assert house.revive() == ["actions"]
    house.wait_until_ready(START_SECONDS, meanwhile=lambda: None)
    agent.give_back(agent.newest_waiting()["id"])
    assert "后四位" in customer.say(f"{parcel.waybill_no}到哪了").text
