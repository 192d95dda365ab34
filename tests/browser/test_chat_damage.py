"""A broken parcel: reported, followed and closed in the web chat."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.journeys.agent import Agent
from tests.journeys.carrier_world import CarrierWorld


def test_a_damage_report_becomes_a_ticket_whose_progress_appears_by_itself(
    visitor: Visitor, carrier_world: CarrierWorld, agent: Agent
) -> None:
    parcel, chat = carrier_world.take(), visitor.chat
    chat.say("收到的时候杯子碎了")
    chat.wait_for_reply("运单号")
    chat.say(parcel.waybill_no)
    chat.wait_for_reply("后四位")
    chat.say(parcel.phone_tail)
    chat.wait_for_reply("收件人还是寄件人")
    chat.press_quick_reply("我是收件人")
    answer_until_confirmation(visitor)
    visitor.keep_picture("damage-confirm")
    chat.press_quick_reply("确认提交")
    chat.wait_for_reply("工单号")
    ticket = chat.ticket_card()
    assert "破损" in ticket.kind_label
    assert ticket.steps[0].state == "current"
    visitor.keep_picture("damage-ticket")

    agent.complete_current(ticket.ticket_no)
    chat.wait_for_reply("已受理")
    moved = chat.ticket_card()
    assert [step.state for step in moved.steps][:2] == ["done", "current"]
    bring_to_its_end(visitor, agent, ticket.ticket_no)
    visitor.keep_picture("damage-closed")

    before = chat.messages()
    chat.reload()
    assert chat.messages() == before
    assert chat.ticket_card().state == "closed"
    assert not chat.quick_reply_is_enabled("确认提交")
    assert visitor.complaints == []


def bring_to_its_end(visitor: Visitor, agent: Agent, ticket_no: str) -> None:
    """Let the customer agree to what is proposed, and wait until the ticket is seen closed."""
    chat = visitor.chat
    agent.bring_to(ticket_no, "confirm")
    chat.wait_for_reply("您看可以吗")
    chat.press_quick_reply("同意")
    chat.wait_for_reply("收到您的答复")
    agent.complete(ticket_no, "pay")
    agent.complete(ticket_no, "follow_up")
    closed = chat.page.get_by_test_id("ticket-card").last
    expect(closed).to_have_attribute("data-state", "closed", timeout=15_000)
    chat.wait_for_reply("处理满意吗")


def answer_until_confirmation(visitor: Visitor) -> None:
    """Describe the damage when asked, and wait for the report to be read back."""
    confirm = visitor.chat.page.get_by_test_id("quick-reply").filter(has_text="确认提交")
    ask = visitor.chat.page.get_by_text("怎么发现的").last
    expect(confirm.or_(ask).last).to_be_visible(timeout=15_000)
    if confirm.count() == 0:
        visitor.chat.say("三个杯子碎了两个，箱子压扁了")
    expect(confirm.last).to_be_visible(timeout=15_000)


def test_a_person_may_speak_in_the_same_window(visitor: Visitor, agent: Agent) -> None:
    chat = visitor.chat
    chat.say("转人工")
    chat.wait_for_reply("转人工")
    conversation = agent.newest_waiting()
    agent.reply(conversation["id"], "您好，我是客服小李")
    assert chat.wait_for_reply("客服小李").author == "agent"
    visitor.keep_picture("person")
    agent.give_back(conversation["id"])
    chat.wait_for_reply("继续为您服务")
    assert visitor.complaints == []
