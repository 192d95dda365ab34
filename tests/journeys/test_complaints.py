"""From a complaint to a closed ticket, told in the same chat."""

from __future__ import annotations

import re

import pytest

from tests.journeys.agent import Agent, current_step
from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.complaint import Complaint, file, finish, ticket_card
from tests.journeys.customer import Customer
from tests.journeys.house_fixtures import NewCustomer

TICKET_NO = re.compile(r"T\d{14}")

KINDS = [
    ("damage", "收到的时候杯子碎了", "damaged"),
    ("delay", "我的快递一直没到，太慢了", "delayed"),
    ("misdelivery", "送错了，收到的是别人的东西", "signed"),
    ("lost", "我的快递丢了", "lost"),
    ("signed_not_received", "显示签收了但我没收到", "signed_by_proxy"),
    ("urge", "帮我催一下快递", "stuck_at_hub"),
]


@pytest.mark.parametrize(("kind", "words", "state"), KINDS)
def test_a_complaint_becomes_a_ticket_with_a_number(
    customer: Customer, carrier_world: CarrierWorld, agent: Agent, kind: str, words: str, state: str
) -> None:
    parcel = carrier_world.take(state)
    card = file(customer, words, Complaint(parcel))
    assert card["kind"] == kind
    assert TICKET_NO.fullmatch(card["ticket_no"])
    assert card["ticket_no"] in customer.last.text
    kept = agent.ticket(card["ticket_no"])
    assert kept["waybill_no"] == parcel.waybill_no
    assert kept["snapshot"]["carrier_code"] == parcel.carrier_code
    assert any(words in said for said in kept["words"])
    assert [change["what"] for change in kept["changes"]] == ["opened", "assigned"]


def test_a_damage_report_is_followed_in_the_chat_until_it_is_closed(
    customer: Customer, carrier_world: CarrierWorld, agent: Agent, lead: Agent
) -> None:
    parcel = carrier_world.take("damaged")
    customer.say(f"{parcel.waybill_no}到哪了")
    customer.say(parcel.phone_tail)
    number = file(customer, "收到的时候杯子碎了", Complaint(parcel))["ticket_no"]
    assert number in customer.say("工单处理得怎么样了").text
    told: list[str] = []
    while step := current_step(agent.ticket(number)):
        if step == "confirm":
            news = customer.press("同意")
        else:
            (lead if step == "approve" else agent).complete(number, step, note="内部备注不给客户看")
            news = customer.wait_for(number)
        assert {s["step"]: s["state"] for s in news.cards[0]["steps"]}[step] == "done"
        told += [message.text for message in news.messages if message.card]
    assert customer.last.cards[0]["state"] == "closed"
    assert len(set(told)) == len(told)
    assert not [text for text in told if "内部备注" in text]
    assert "已关闭" in customer.say(f"查工单{number}").text


def test_the_same_complaint_again_opens_the_closed_ticket_again_and_says_so_once(
    customer: Customer, carrier_world: CarrierWorld, agent: Agent
) -> None:
    parcel = carrier_world.take()
    first = file(customer, "帮我催一下快递", Complaint(parcel))
    while current_step(agent.ticket(first["ticket_no"])):
        agent.complete_current(first["ticket_no"])
    customer.news()
    second = file(customer, f"再催一下{parcel.waybill_no}", Complaint(parcel))
    assert second["ticket_no"] == first["ticket_no"]
    assert f"之前的工单 {first['ticket_no']} 已重新打开" in customer.last.text
    assert not customer.news().messages
    kept = agent.ticket(first["ticket_no"])
    assert (kept["state"], kept["reopened_count"]) == ("open", 1)


def test_the_same_complaint_again_joins_the_open_ticket_and_says_so(
    customer: Customer, carrier_world: CarrierWorld, agent: Agent
) -> None:
    parcel = carrier_world.take()
    first = file(customer, "快递破损了，杯子碎了", Complaint(parcel))
    again = file(customer, f"{parcel.waybill_no}的东西碎了", Complaint(parcel))
    assert again["ticket_no"] == first["ticket_no"]
    assert "没有重复登记" in customer.last.text
    assert len(agent.tickets_of(parcel.waybill_no)) == 1
    agent.complete_current(first["ticket_no"])
    assert len(customer.wait_for(first["ticket_no"]).messages) == 1


def test_a_second_conversation_with_the_digits_is_told_of_progress_too(
    new_customer: NewCustomer, carrier_world: CarrierWorld, agent: Agent
) -> None:
    parcel = carrier_world.take()
    receiver, flatmate = new_customer(), new_customer()
    ticket = file(receiver, "收到的时候杯子碎了", Complaint(parcel))
    joined = file(flatmate, "收到的时候杯子碎了", Complaint(parcel))
    assert joined["ticket_no"] == ticket["ticket_no"]
    agent.complete_current(ticket["ticket_no"])
    assert ticket["ticket_no"] in receiver.wait_for("已受理").text
    assert ticket["ticket_no"] in flatmate.wait_for("已受理").text


def test_a_second_conversation_without_digits_is_not_told_of_progress(
    new_customer: NewCustomer, carrier_world: CarrierWorld, agent: Agent
) -> None:
    parcel = carrier_world.take()
    receiver, stranger = new_customer(), new_customer()
    ticket = file(receiver, "收到的时候杯子碎了", Complaint(parcel))
    said = file(stranger, "收到的时候杯子碎了", Complaint(parcel, shows_digits=False))
    agent.complete_current(ticket["ticket_no"])
    receiver.wait_for("已受理")
    assert not stranger.news().messages
    asked = stranger.say(f"工单{said['ticket_no']}处理得怎么样了")
    assert "后四位" in asked.text
    assert ticket_card(asked) is None


def test_a_ticket_is_told_elsewhere_only_after_the_digits(
    new_customer: NewCustomer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take()
    owner, other = new_customer(), new_customer()
    ticket = file(owner, "我的快递丢了，一直没有更新", Complaint(parcel))
    asked = other.say(f"{ticket['ticket_no']}处理得怎么样了")
    assert "后四位" in asked.text
    assert not asked.cards
    assert not other.say(parcel.wrong_tail).cards
    told = other.say(parcel.phone_tail)
    assert told.card["ticket_no"] == ticket["ticket_no"]


def test_a_ticket_number_of_no_ticket_is_said_to_be_unknown(customer: Customer) -> None:
    assert "没有找到" in customer.say("T20200101999999处理得怎么样了").text


def test_a_complaint_can_be_filed_without_digits(
    customer: Customer, carrier_world: CarrierWorld, agent: Agent
) -> None:
    parcel = carrier_world.take("misrouted")
    seen = customer.say(f"{parcel.waybill_no}到哪了")
    assert parcel.city in seen.text
    assert not seen.cards
    refused = customer.press("不方便提供")
    assert "不提供也没关系" in refused.text
    card = file(customer, "送错了，收到的不是我的快递", Complaint(parcel, shows_digits=False))
    assert agent.ticket(card["ticket_no"])["waybill_no"] == parcel.waybill_no
    agent.complete_current(card["ticket_no"])
    assert card["ticket_no"] in customer.wait_for(card["ticket_no"]).text


def test_what_the_customer_reads_back_before_confirming_is_what_they_said(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take()
    complaint = Complaint(parcel, description="三个玻璃杯碎了两个，箱子有脚印")
    reply = customer.say("东西破损了")
    while "确认提交" not in reply.buttons:
        reply = customer.say(complaint.answer_to(reply))
    assert f"运单号：{parcel.waybill_no}" in reply.text
    assert "身份：收件人" in reply.text
    assert f"情况：{complaint.description}" in reply.text
    assert finish(customer, reply, complaint)["kind"] == "damage"


def test_a_phone_number_in_the_description_is_masked_in_the_chat(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take()
    words = "杯子碎了，联系我13912345678，快递员张三丰师傅不承认"
    complaint = Complaint(parcel, description=words)
    reply = customer.say("东西破损了")
    while "确认提交" not in reply.buttons:
        reply = customer.say(complaint.answer_to(reply))
    assert "139****5678" in reply.text
    assert "张三丰" not in reply.text
