"""Where tickets leave the straight way: refusals, silence, limits, photos, merges, bad scores."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from tests.journeys.agent import Agent
from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.complaint import Complaint, file
from tests.journeys.heard import Reply
from tests.journeys.photos import png, send_photo
from tests.journeys.story import SURVEY, Story
from tests.journeys.waiting import until
from ticketing.run.demo import sign_in_of
from ticketing.run.system import System

FIRES_WITHIN = 20.0
PHOTO = png()
_LONG_PAST = """
UPDATE sla_clocks SET started_at = started_at - interval '30 days',
    due_at = now() - interval '1 second', next_at = now() - interval '1 second'
FROM tickets WHERE tickets.id = sla_clocks.ticket_id AND tickets.ticket_no = %s
    AND sla_clocks.timer_name = %s AND sla_clocks.stopped_at IS NULL
"""
WORDS = {
    "damage": "收到的时候杯子碎了",
    "delay": "我的快递一直没到，太慢了",
    "lost": "我的快递丢了",
    "urge": "帮我催一下快递",
    "return_exchange": "我想申请退货",
}


def opened(story: Story, world: CarrierWorld, kind: str, before: str = "accept") -> Story:
    """Open a ticket in the chat and bring it to a step."""
    story.ticket_no = file(story.customer, WORDS[kind], Complaint(world.take()))["ticket_no"]
    story.agent.bring_to(story.ticket_no, before)
    story.customer.news()
    return story


def let_it_ring(house: System, story: Story, timer: str) -> None:
    """Let the time of a timer be over, as if a month had gone by."""
    with psycopg.connect(house.plan.database_url) as database:
        touched = database.execute(_LONG_PAST, (story.ticket_no, timer))
        assert touched.rowcount == 1, f"{timer} does not run"


def wait_until_to_do(story: Story, *steps: str) -> None:
    """Wait until these steps are what is to be done."""
    until(lambda: set(story.todo) == set(steps), FIRES_WITHIN, f"{steps} to do")


def test_a_rejected_solution_goes_back_with_the_reason_and_a_better_one_is_accepted(
    story: Story, carrier_world: CarrierWorld
) -> None:
    opened(story, carrier_world, "damage", "liability")
    assert "赔付 50 元" in story.do("liability", amount=50, text="补偿运费").text
    reply = story.answer("confirm", "不同意")
    assert "不满意" in reply.text
    reason = "杯子是新买的，五十块不够"
    assert "责任" in story.answer("confirm", reason).text
    assert story.change("confirm")["facts"]["data"]["reason"] == reason
    assert story.todo == ["liability"]
    assert "赔付 120 元" in story.do("liability", amount=120, text="按实际损失赔付").text
    story.answer("confirm", "同意")
    assert story.change("confirm")["facts"]["data"] == {"decision": "accept"}
    story.do("pay")
    story.do("follow_up")
    story.ends()


def test_an_amount_above_the_agents_limit_is_approved_by_a_lead_alone(
    story: Story, carrier_world: CarrierWorld
) -> None:
    opened(story, carrier_world, "damage", "liability")
    news = story.do("liability", amount=800, text="按实际损失赔付")
    assert "800" not in news.text
    assert story.todo == ["approve"]
    refused = story.agent.try_to_complete(story.ticket_no, "approve", decision="approve")
    assert (refused.status_code, refused.json()["error"]) == (403, "out_of_scope")
    assert story.todo == ["approve"]
    assert "赔付 800 元" in story.do("approve", decision="approve").text
    story.answer("confirm", "好的")
    story.do("pay")
    story.do("follow_up")
    story.ends()


@pytest.fixture
def manager(house: System) -> Iterator[Agent]:
    """The first person of the house."""
    sign_in = sign_in_of(house.plan.data_dir)
    person = Agent(house.plan.api_url, sign_in["manager_username"], sign_in["manager_password"])
    yield person
    person.close()


def test_an_amount_above_the_leads_limit_is_not_approved_by_a_lead_and_never_overpaid(
    story: Story, carrier_world: CarrierWorld, manager: Agent
) -> None:
    opened(story, carrier_world, "lost", "liability")
    story.do("liability", amount=2600, text="按实际价值赔付")
    assert story.todo == ["approve_finance"]
    refused = story.lead.try_to_complete(story.ticket_no, "approve_finance", decision="approve")
    assert (refused.status_code, refused.json()["error"]) == (403, "out_of_scope")
    manager.complete(story.ticket_no, "approve_finance", decision="approve")
    assert "赔付 2600 元" in story.customer.wait_for("2600").text
    story.answer("confirm", "同意")
    refused = story.agent.try_to_complete(story.ticket_no, "pay", amount=2601)
    assert (refused.status_code, refused.json()["error"]) == (422, "payment_above_agreed")
    assert story.todo == ["pay"]
    story.do("pay", amount=2600)
    story.do("follow_up")
    story.ends()


def test_goods_that_fail_the_inspection_are_sent_back_when_that_is_agreed(
    story: Story, carrier_world: CarrierWorld
) -> None:
    opened(story, carrier_world, "return_exchange", "send_back")
    story.answer("send_back", "SF1358246790123")
    story.do("inspect", passed=False)
    asked = story.do("solution", text="商品有使用痕迹，原样寄还给您", follows="return")
    assert "寄还" in asked.text
    assert "元" not in asked.text
    story.answer("confirm", "同意")
    assert story.todo == ["return_goods"]
    sent = story.do("return_goods", new_waybill_no="SF1357924680999")
    assert "SF1357924680999" in sent.text
    story.do("close")
    story.ends()


def test_what_a_lead_rejects_is_worked_out_anew_and_never_told(
    story: Story, carrier_world: CarrierWorld
) -> None:
    opened(story, carrier_world, "damage", "liability")
    story.do("liability", amount=900)
    news = story.do("approve", decision="reject", reason="超过实际价值")
    assert story.todo == ["liability"]
    assert not [word for word in ("900", "超过实际价值") if word in news.text]
    assert "赔付 60 元" in story.do("liability", amount=60).text


def test_a_silent_carrier_brings_a_lead_in_and_the_customer_is_told(
    house: System, story: Story, carrier_world: CarrierWorld
) -> None:
    opened(story, carrier_world, "delay", "chase")
    let_it_ring(house, story, "carrier_silent")
    wait_until_to_do(story, "chase", "escalate")
    assert "主管已经介入" in story.customer.wait_for("主管").text
    assert story.do("escalate", action="press").messages == ()
    story.do("chase", outcome="moving", reply="今晚发车")
    story.do("watch", delivered=True)
    story.do("follow_up")
    story.do("close")
    story.ends()


def test_a_silent_customer_is_taken_to_agree_until_they_say_no(
    house: System, story: Story, carrier_world: CarrierWorld
) -> None:
    opened(story, carrier_world, "lost", "confirm")
    let_it_ring(house, story, "customer_silent")
    wait_until_to_do(story, "pay")
    assert "先按方案为您办理" in story.customer.wait_for("三天").text
    assert "不满意" in story.customer.say("不同意").text
    assert story.todo == ["pay"]
    reason = "里面是一台相机，这点钱不够"
    assert "重新办" in story.customer.say(reason).text
    assert story.todo == ["liability"]
    assert story.change("confirm")["facts"]["data"] == {"decision": "reject", "reason": reason}
    story.do("liability", amount=120, text="按实际价值赔付")
    story.answer("confirm", "同意")
    story.do("pay")
    story.do("follow_up")
    story.ends()


def test_a_ticket_taken_back_in_the_chat_is_closed_and_nobody_asks_how_it_was(
    story: Story, carrier_world: CarrierWorld
) -> None:
    opened(story, carrier_world, "urge", "chase")
    assert "确认撤销" in story.customer.say("刚刚送到了，工单给我撤掉吧").text
    assert "已撤销" in story.customer.say("对，撤了").text
    assert story.ticket["state"] == "closed"
    assert story.todo == []
    assert not [each for each in story.heard() if SURVEY in each.text]
    story.chain_holds()


def test_a_photo_that_was_lacking_is_sent_in_the_chat(
    story: Story, carrier_world: CarrierWorld
) -> None:
    opened(story, carrier_world, "damage", "verify")
    asked = story.do("verify", decision="more_evidence", reason="看不清面单")
    assert "照片" in asked.text
    assert story.todo == ["evidence"]
    file_id = send_photo(story.customer, PHOTO)
    assert "面单" in story.customer.wait_for("面单").text
    assert "内件" in story.customer.say("跳过").text
    assert "补充" in story.customer.say("跳过").text
    assert "初审" in story.customer.say("跳过").text
    assert story.todo == ["verify"]
    assert story.change("evidence")["facts"]["data"]["photo_outer"] == [file_id]
    kept = story.agent.http.get("/api/files", params={"subject": story.ticket_no}).json()
    assert [each["file"]["id"] for each in kept["files"]] == [file_id]
    shown = story.agent.http.get(f"/api/files/{file_id}/content")
    assert shown.content == PHOTO
    story.do("verify")


def test_customers_of_a_merged_ticket_are_told_under_which_number_it_goes_on(
    story: Story, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take()
    gone = file(story.customer, WORDS["delay"], Complaint(parcel))["ticket_no"]
    words = f"{parcel.waybill_no}这个件丢了，里面是一件毛衣，两百块"
    story.ticket_no = file(story.customer, words, Complaint(parcel))["ticket_no"]
    assert story.ticket_no != gone
    merged = story.agent.http.post(f"/api/tickets/{gone}/merge", json={"into": story.ticket_no})
    assert merged.status_code == 200, merged.text
    told = story.customer.wait_for("合并")
    assert len(told.messages) == 1
    assert gone in told.text
    assert f"以 {story.ticket_no} 为准" in told.text
    assert story.agent.ticket(gone)["state"] == "closed"
    assert not [each for each in story.heard() if SURVEY in each.text]
    assert story.ticket_no in story.do("accept").text


def test_a_bad_score_is_looked_into_by_a_lead(story: Story, carrier_world: CarrierWorld) -> None:
    opened(story, carrier_world, "urge", "close")
    story.do("close")
    sorry = story.ends("1分，催了三天才送到")
    assert "很抱歉" in sorry.text
    review = review_of(story, sorry)
    assert (review["kind"], review["queue"], review["state"]) == ("complaint", "lead", "open")
    assert "催了三天才送到" in review["description"]
    ties = story.lead.http.get(f"/api/tickets/{review['ticket_no']}/links").json()
    assert [tie["ticket_no"] for tie in ties] == [story.ticket_no]


def review_of(story: Story, sorry: Reply) -> dict[str, Any]:
    """Return the ticket that was opened about the score, told in the answer."""
    number = next(
        each["ticket_no"]
        for each in story.lead.tickets_of(story.ticket["waybill_no"])
        if each["ticket_no"] != story.ticket_no
    )
    assert number in sorry.text
    return story.lead.ticket(number)
