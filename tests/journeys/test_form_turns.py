"""A change of mind in the middle of a form."""

from __future__ import annotations

from tests.journeys.agent import Agent
from tests.journeys.carrier_world import CarrierWorld, Parcel
from tests.journeys.complaint import Complaint, finish
from tests.journeys.customer import Customer
from tests.journeys.heard import Reply


def at_confirmation(customer: Customer, parcel: Parcel, words: str = "东西破损了") -> Reply:
    """Bring a report to the point where it only needs to be confirmed."""
    complaint, reply = Complaint(parcel), customer.say(words)
    while "确认提交" not in reply.buttons:
        reply = customer.say(complaint.answer_to(reply))
    return reply


def test_a_report_can_be_dropped_half_way(
    customer: Customer, carrier_world: CarrierWorld, agent: Agent
) -> None:
    parcel = carrier_world.take()
    customer.say(f"{parcel.waybill_no}的东西破损了")
    dropped = customer.say("不报了")
    assert "先不办" in dropped.text
    assert agent.tickets_of(parcel.waybill_no) == []
    assert "后四位" in customer.say(f"{parcel.waybill_no}到哪了").text


def test_a_report_can_be_dropped_at_the_confirmation(
    customer: Customer, carrier_world: CarrierWorld, agent: Agent
) -> None:
    parcel = carrier_world.take()
    at_confirmation(customer, parcel)
    customer.press("不报了")
    assert agent.tickets_of(parcel.waybill_no) == []


def test_the_waybill_can_be_changed_before_confirming(
    customer: Customer, carrier_world: CarrierWorld, agent: Agent
) -> None:
    wrong, right = carrier_world.take(), carrier_world.take()
    at_confirmation(customer, wrong)
    customer.press("修改")
    reply = customer.press("改单号")
    assert "单号" in reply.text
    card = finish(customer, customer.say(right.waybill_no), Complaint(right))
    assert card["waybill_no"] == right.waybill_no
    assert agent.tickets_of(wrong.waybill_no) == []


def test_the_kind_can_be_changed_half_way(
    customer: Customer, carrier_world: CarrierWorld, agent: Agent
) -> None:
    parcel = carrier_world.take()
    customer.say(f"{parcel.waybill_no}的东西破损了")
    reply = customer.say("不对，是丢件了")
    card = finish(customer, reply, Complaint(parcel, description="一直没收到，件丢了"))
    assert card["kind"] == "lost"
    assert [ticket["kind"] for ticket in agent.tickets_of(parcel.waybill_no)] == ["lost"]


def test_a_question_about_a_parcel_is_answered_inside_a_form_and_the_form_goes_on(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take()
    customer.say(f"{parcel.waybill_no}到哪了")
    customer.say(parcel.phone_tail)
    asked = customer.say("我要报东西破损了")
    assert "我是收件人" in asked.buttons
    beside = customer.say("现在到哪了")
    assert parcel.waybill_no in beside.text
    assert "我是收件人" in beside.buttons
    assert finish(customer, beside, Complaint(parcel))["kind"] == "damage"


def test_thanks_and_small_talk_do_not_break_a_form(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take()
    customer.say("东西破损了")
    assert "运单号" in customer.say("你好").text
    assert "运单号" in customer.say("谢谢").text
    assert finish(customer, customer.say(parcel.waybill_no), Complaint(parcel))["kind"] == "damage"


def test_after_a_ticket_the_next_report_begins_anew(
    customer: Customer, carrier_world: CarrierWorld, agent: Agent
) -> None:
    one, other = carrier_world.take(), carrier_world.take()
    finish(customer, customer.say("东西破损了"), Complaint(one, description="第一件的杯子碎了"))
    reply = customer.say(f"{other.waybill_no}这个丢件了")
    card = finish(customer, reply, Complaint(other, description="第二件一直找不到"))
    assert card["waybill_no"] == other.waybill_no
    assert "杯子" not in "".join(agent.ticket(card["ticket_no"])["words"])
