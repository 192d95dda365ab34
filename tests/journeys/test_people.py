"""A person takes over, and gives back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.journeys.agent import Agent
from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.customer import Customer
from tests.journeys.house_fixtures import NewCustomer


@pytest.fixture(autouse=True)
def _nobody_left_waiting(agent: Agent) -> Iterator[None]:
    yield
    for conversation in agent.waiting():
        agent.give_back(conversation["id"])


def test_a_person_asked_for_inside_a_form_takes_over_and_gives_back(
    customer: Customer, carrier_world: CarrierWorld, agent: Agent
) -> None:
    parcel = carrier_world.take()
    customer.say("我的快递破损了")
    queued = customer.say("转人工")
    assert "您排在第 1 位" in queued.text
    conversation = agent.newest_waiting()
    assert (conversation["owner"], conversation["reason"]) == ("queue", "asked")

    assert not customer.tell(f"{parcel.waybill_no}到哪了").messages
    asked = customer.tell("还要等多久")
    assert [message.author for message in asked.messages] == ["system"]
    agent.reply(conversation["id"], "您好，我是客服小李，请讲。")
    assert customer.wait_for("客服小李").messages[-1].author == "agent"
    answered = customer.tell("杯子碎了")
    assert not [message for message in answered.messages if message.author == "bot"]

    agent.give_back(conversation["id"])
    assert customer.wait_for("继续为您服务")
    assert "后四位" in customer.say(f"{parcel.waybill_no}到哪了").text
    assert customer.say(parcel.phone_tail).card["waybill_no"] == parcel.waybill_no


@pytest.mark.parametrize("words", ["转人工", "我要找人工客服", "叫个真人来", "人工"])
def test_a_person_is_always_to_be_had(customer: Customer, agent: Agent, words: str) -> None:
    assert "转人工" in customer.say(words).text
    assert agent.newest_waiting()["owner"] == "queue"


def test_the_second_in_the_queue_is_told_so(customer: Customer, house_queue: Customer) -> None:
    assert "第 1 位" in house_queue.last.text
    assert "第 2 位" in customer.say("转人工").text


@pytest.fixture
def house_queue(new_customer: NewCustomer) -> Customer:
    """Somebody who waits already."""
    first = new_customer()
    first.say("转人工")
    return first


def test_two_messages_in_a_row_that_nobody_understands_lead_to_a_person(
    customer: Customer, agent: Agent
) -> None:
    assert "转人工" in customer.say("那个东西你给弄一下").buttons
    assert "正在为您转人工" in customer.say("昨天的那个你帮我弄弄").text
    assert agent.newest_waiting()["reason"] == "not_understood"


def test_a_person_cannot_speak_while_the_bot_does(customer: Customer, agent: Agent) -> None:
    customer.say("转人工")
    conversation = agent.newest_waiting()
    agent.give_back(conversation["id"])
    refused = agent.try_to_reply(conversation["id"], "在吗")
    assert refused.status_code == 409
    assert refused.json()["error"] == "not_in_your_hands"
