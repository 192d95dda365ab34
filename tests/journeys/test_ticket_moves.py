"""What people do to tickets by hand, and the ways through processes that are taken seldom."""

from __future__ import annotations

import re
from hashlib import sha256
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import psycopg
import pytest

from tests.journeys.agent import Agent
from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.complaint import Complaint, finish
from tests.journeys.house_fixtures import NewCustomer
from tests.journeys.photos import png, send_photo
from tests.journeys.story import SURVEY, Opening, Story
from ticketing.run.system import System

TELL = {"简单说说": "三个杯子碎了两个，外箱也压扁了，一直没人管"}
OPENINGS = {
    "damage": Opening("收到的时候杯子碎了", TELL),
    "delay": Opening("我的快递{parcel}一直没到，太慢了"),
    "lost": Opening("{parcel}这个件丢了，里面是一件毛衣，两百块"),
    "misdelivery": Opening("送错了，收到的是别人的东西", TELL, "signed"),
    "urge": Opening("帮我催一下快递"),
    "interception": Opening("帮我拦截{parcel}"),
    "return_exchange": Opening("我想申请退货", {"什么原因": "锅的把手是歪的，不想要了"}),
}
NEW_WAYBILL = "SF1357924680123"
OUR_WORDS = re.compile(r"(?<![A-Za-z0-9])[a-z]{2,}")
LONG_CLOSED = """
UPDATE tickets SET closed_at = closed_at - interval '90 days' WHERE ticket_no = %s
"""
DESK_TALK = "柜台内部说明，别给客户看"


def begin(story: Story, world: CarrierWorld, kind: str, before: str = "accept") -> Story:
    """Open a ticket in the chat and bring it to a step."""
    opening = OPENINGS[kind]
    story.begin(opening, world.take(opening.state))
    assert story.ticket["kind"] == kind
    story.agent.bring_to(story.ticket_no, before)
    story.customer.news()
    return story


def deed(story: Story, way: str, by: Agent, **given: Any) -> dict[str, Any]:
    """Do something to a ticket by hand."""
    done = by.http.post(f"/api/tickets/{story.ticket_no}/{way}", json=given)
    assert done.status_code in {200, 201}, done.text
    answer: dict[str, Any] = done.json()
    return answer


def hears_once(story: Story, *words: str) -> str:
    """Return the one message in which the customer was told all of this."""
    told = [e.text for e in story.heard() if all(each in e.text for each in words)]
    assert len(told) == 1, f"{words} in {told}"
    return told[0]


def hears_nothing_internal(story: Story) -> None:
    """Fail when a notice has a word of ours in it, or what was said among our people."""
    notices = [each.text for each in story.heard() if each.author == "system"]
    assert notices
    assert [text for text in notices if OUR_WORDS.search(text) or DESK_TALK in text] == []
    story.is_told_well()


def went(story: Story) -> list[str]:
    """Return the steps that were completed, in their order."""
    changes = story.ticket["changes"]
    return [c["facts"]["step"] for c in changes if c["what"] == "step_completed"]


def lines(story: Story, what: str) -> list[dict[str, Any]]:
    """Return the lines of the history that say this."""
    return [each for each in story.ticket["changes"] if each["what"] == what]


@pytest.mark.parametrize("problem", ["wrong_item", "missing_item"])
def test_wrong_or_missing_goods_are_sent_anew_and_nobody_fetches_anything_back(
    story: Story, carrier_world: CarrierWorld, problem: str
) -> None:
    begin(story, carrier_world, "misdelivery", "verify")
    assert "安排补发" in story.do("verify", problem=problem, findings=DESK_TALK).text
    assert story.todo == ["resend"]
    assert story.ticket["queue"] == "warehouse"
    sent = story.do("resend", new_waybill_no=NEW_WAYBILL, eta="后天").text
    assert "预计后天送达" in sent
    assert story.ticket["state"] == "paused"
    story.answer("confirm_receipt", "收到了")
    assert story.change("confirm_receipt")["by"] == "customer"
    story.do("follow_up")
    story.do("close")
    assert went(story) == ["accept", "verify", "resend", "confirm_receipt", "follow_up", "close"]
    hears_once(story, "补发件已经寄出", NEW_WAYBILL)
    assert "追回" not in "".join(each.text for each in story.heard())
    hears_nothing_internal(story)
    story.ends()


def test_a_parcel_that_was_intercepted_goes_back_to_its_sender(
    story: Story, carrier_world: CarrierWorld
) -> None:
    begin(story, carrier_world, "interception", "intercept")
    assert "正在退回" in story.do("intercept", success=True, place="杭州转运中心").text
    assert story.todo == ["returning"]
    assert "已退到寄件地" in story.do("returning").text
    assert "已办结" in story.do("returned").text
    assert went(story) == ["accept", "intercept", "returning", "returned"]
    hears_once(story, "包裹已经拦下")
    assert "没能拦下" not in "".join(each.text for each in story.heard())
    hears_nothing_internal(story)
    story.ends()


def test_what_was_sent_back_is_paid_back(story: Story, carrier_world: CarrierWorld) -> None:
    begin(story, carrier_world, "return_exchange", "review")
    story.do("review", decision="approve", wish="refund", address="文三路9号")
    story.answer("send_back", NEW_WAYBILL)
    assert story.change("send_back")["facts"]["data"] == {"new_waybill_no": NEW_WAYBILL}
    story.do("inspect", passed=True, findings=DESK_TALK)
    while story.todo != ["refund"]:
        story.do(story.todo[0])
    assert story.ticket["queue"] == "finance"
    assert "退款已经办理" in story.do("refund").text
    assert story.ticket["state"] == "resolved"
    story.do("close")
    wanted = ["accept", "review", "send_back", "inspect", "refund", "close"]
    assert [step for step in went(story) if step in wanted] == wanted
    hears_once(story, "请把商品寄回来", "文三路9号")
    hears_once(story, "退款已经办理")
    hears_nothing_internal(story)
    story.ends()


@pytest.mark.parametrize("who", ["agent", "lead"])
def test_a_closed_ticket_that_is_opened_again_runs_to_its_end_once_more(
    story: Story, carrier_world: CarrierWorld, who: str
) -> None:
    by: Agent = getattr(story, who)
    begin(story, carrier_world, "urge", "close")
    story.do("close")
    closed = story.ticket
    assert (closed["state"], closed["open_steps"]) == ("closed", [])
    again = deed(story, "reopen", by, reason=DESK_TALK)
    assert (again["is_new"], again["ticket"]["ticket_no"]) == (False, story.ticket_no)
    opened = story.ticket
    assert (opened["state"], opened["reopened_count"], opened["closed_at"]) == ("open", 1, None)
    assert story.todo == ["accept"]
    refused = by.http.post(f"/api/tickets/{story.ticket_no}/reopen", json={"reason": DESK_TALK})
    assert (refused.status_code, refused.json()["error"]) == (409, "ticket_not_closed")
    story.do("accept")
    story.do("chase", reply="今晚送到")
    story.do("close")
    assert went(story) == ["accept", "chase", "close"] * 2
    assert [each["facts"]["reason"] for each in lines(story, "reopened")] == [DESK_TALK]
    hears_once(story, story.ticket_no, "已重新打开")
    hears_nothing_internal(story)
    story.ends()


def test_a_ticket_closed_long_ago_goes_on_under_a_new_number_that_its_customer_is_told(
    house: System, story: Story, carrier_world: CarrierWorld
) -> None:
    begin(story, carrier_world, "urge", "close")
    story.do("close")
    with psycopg.connect(house.plan.database_url) as database:
        database.execute(LONG_CLOSED, (story.ticket_no,))
    again = deed(story, "reopen", story.agent, reason=DESK_TALK)
    assert again["is_new"] is True
    following = Story(story.customer, story.agent, story.lead, again["ticket"]["ticket_no"])
    told = hears_once(story, "已经结束", following.ticket_no)
    assert f"工单 {story.ticket_no} 已经结束" in told
    assert (story.ticket["state"], following.ticket["state"]) == ("closed", "open")
    caused = [each["facts"]["ticket_no"] for each in lines(story, "caused")]
    assert caused == [following.ticket_no]
    assert following.ticket_no in following.do("accept").text
    following.do("chase", reply="今晚送到")
    following.do("close")
    assert went(following) == ["accept", "chase", "close"]
    for each in (story, following):
        each.chain_holds()
        hears_nothing_internal(each)


def test_a_part_of_a_ticket_goes_on_under_its_own_number(
    story: Story, carrier_world: CarrierWorld
) -> None:
    begin(story, carrier_world, "damage")
    before = story.ticket
    part = before["words"][-1]
    wanted = {"kind": "complaint", "waybill_no": before["waybill_no"], "words": [part]}
    made = deed(story, "split", story.agent, **wanted)
    assert made["outcome"] == "opened"
    child = Story(story.customer, story.agent, story.lead, made["ticket"]["ticket_no"])
    told = hears_once(story, child.ticket_no)
    assert f"从工单 {story.ticket_no} 分出了 {child.ticket_no}" in told
    assert (child.ticket["words"], part in story.ticket["words"]) == ([part], False)
    assert [e["facts"]["ticket_no"] for e in lines(story, "split_off")] == [child.ticket_no]
    assert [e["facts"]["ticket_no"] for e in lines(child, "split_from")] == [story.ticket_no]
    for each in (story, child):
        assert each.ticket["state"] == "open"
        assert each.ticket_no in each.do("accept").text
        each.agent.bring_to(each.ticket_no, "confirm")
        assert each.ticket["state"] == "paused"
        each.chain_holds()
    hears_nothing_internal(story)


def test_who_asks_about_a_merged_ticket_is_answered_about_the_one_that_goes_on(
    story: Story, new_customer: NewCustomer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take()
    story.begin(OPENINGS["delay"], parcel)
    gone = Story(new_customer(), story.agent, story.lead)
    gone.begin(OPENINGS["lost"], parcel)
    deed(gone, "merge", story.agent, into=story.ticket_no)
    told = hears_once(gone, gone.ticket_no, story.ticket_no)
    assert f"以后请以 {story.ticket_no} 为准" in told
    assert gone.ticket["state"] == "closed"
    assert not [each for each in story.heard() if gone.ticket_no in each.text]
    assert story.ticket_no in gone.customer.say(f"查工单{gone.ticket_no}").text
    file_id = send_photo(gone.customer, png())
    assert f"已附到工单 {story.ticket_no}" in gone.customer.wait_for("已附到").text
    kept = story.agent.http.get("/api/files", params={"subject": story.ticket_no}).json()
    assert [each["file"]["id"] for each in kept["files"]] == [file_id]
    assert story.ticket_no in story.do("accept").text
    hears_once(gone, f"工单 {story.ticket_no} 已受理")
    assert [each["facts"]["ticket_no"] for each in lines(story, "merged_from")] == [gone.ticket_no]
    for each in (story, gone):
        each.chain_holds()
        hears_nothing_internal(each)
    assert not [each for each in gone.heard() if SURVEY in each.text]


def test_a_step_in_another_departments_hands_is_told_of_once(
    story: Story, carrier_world: CarrierWorld
) -> None:
    begin(story, carrier_world, "damage", "verify")
    way = "steps/verify/hand-over"
    handed = deed(story, way, story.lead, queue="claims", note=DESK_TALK)
    assert (handed["queue"], story.ticket["queue"]) == ("claims", "claims")
    assert "已转给理赔处理" in hears_once(story, story.ticket_no, "转给")
    assert story.todo == ["verify"]
    assert DESK_TALK in lines(story, "assigned")[-1]["facts"]["why"]
    assert "已完成初审" in story.do("verify").text
    story.agent.bring_to(story.ticket_no, "liability")
    hears_once(story, "转给")
    story.chain_holds()
    hears_nothing_internal(story)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("太少了，我不同意", "太少了"),
        ("不行啊，这点钱连杯子的一半都不够", "这点钱连杯子的一半都不够"),
    ],
)
def test_no_and_why_said_in_one_breath_go_back_with_the_reason(
    story: Story, carrier_world: CarrierWorld, said: str, reason: str
) -> None:
    begin(story, carrier_world, "damage", "liability")
    story.do("liability", amount=50, text="补偿运费")
    back = story.answer("confirm", said)
    assert len(back.messages) == 1
    line = story.change("confirm")
    kept = {"decision": "reject", "reason": reason}
    assert (line["by"], line["facts"]["data"]) == ("customer", kept)
    assert (story.ticket["state"], story.todo) == ("open", ["liability"])
    assert "赔付 120 元" in story.do("liability", amount=120, text="按实际损失赔付").text
    story.answer("confirm", "同意")
    assert story.change("confirm")["facts"]["data"] == {"decision": "accept"}
    story.do("pay")
    story.do("follow_up")
    hears_once(story, "赔付 50 元")
    hears_once(story, "赔付 120 元")
    hears_nothing_internal(story)
    story.ends()


def test_photos_from_the_chat_are_in_the_evidence_by_what_they_show(
    story: Story, carrier_world: CarrierWorld
) -> None:
    label, outer = png(b"\x01\x02\x03"), png(b"\x04\x05\x06")
    story.customer.say("你好")
    send_photo(story.customer, label)
    assert "先帮您留着" in story.customer.wait_for("这张拍的是哪里").text
    assert "面单的照片" in story.customer.press("面单").text
    begin(story, carrier_world, "damage", "verify")
    send_photo(story.customer, outer)
    assert story.ticket_no in story.customer.wait_for("这张拍的是哪里").text
    assert "外箱的照片" in story.customer.press("外箱").text
    shown = photos_of(deed(story, "evidence/freeze", story.agent))
    assert shown == {"label": sha256(label).hexdigest(), "outer": sha256(outer).hexdigest()}
    pack = story.agent.http.get(f"/api/tickets/{story.ticket_no}/evidence.zip")
    with ZipFile(BytesIO(pack.content)) as unpacked:
        kept = {unpacked.read(name) for name in unpacked.namelist() if name.endswith(".png")}
    assert kept == {label, outer}
    hears_once(story, "先帮您留着")
    hears_once(story, f"已附到工单 {story.ticket_no}")
    story.chain_holds()
    hears_nothing_internal(story)


def test_a_photo_sent_in_the_middle_of_a_report_neither_stops_it_nor_is_lost(
    story: Story, carrier_world: CarrierWorld
) -> None:
    asked = story.customer.say("收到的时候杯子碎了")
    send_photo(story.customer, png())
    assert "先帮您留着" in story.customer.wait_for("这张拍的是哪里").text
    card = finish(story.customer, asked, Complaint(carrier_world.take()))
    story.ticket_no = card["ticket_no"]
    assert card["kind"] == "damage"
    evidence = story.agent.http.get(f"/api/tickets/{story.ticket_no}/evidence").json()
    assert photos_of(evidence) == {"other": sha256(png()).hexdigest()}
    story.do("accept")
    hears_once(story, "先帮您留着")
    story.chain_holds()
    hears_nothing_internal(story)


def photos_of(evidence: dict[str, Any]) -> dict[str, str]:
    """Return the hashes of the photos in a pack, by what they show."""
    photos = [each for each in evidence["entries"] if each["media_type"] == "image/png"]
    shown = {each["role"]: each["sha256"] for each in photos}
    assert len(shown) == len(photos)
    return shown
