"""The customer names the authorities."""

import pytest

from actions.escalation import ActionEscalate
from actions.reporting import ValidateReportForm
from tests.actions.stage import SF, Stage, card

OPENED = {"outcome": "opened", "ticket": card(kind="complaint")}


@pytest.mark.parametrize(
    ("text", "channel"),
    [("我要打12305", "sswz.spb.gov.cn"), ("我去12315告", "12315"), ("我要报警", "110")],
)
async def test_the_official_way_is_told_honestly(text: str, channel: str) -> None:
    stage = Stage()
    assert await stage.play(ActionEscalate, text, "escalate") == ["say_escalated"]
    assert channel in stage.responses[0]["answer"]
    assert stage.followup == "report_form"


async def test_an_urgent_complaint_is_filed_meanwhile() -> None:
    stage = Stage(slots={"waybill_no": SF, "proofs": {SF: "shown"}})
    stage.will_answer("tickets", OPENED)
    await stage.play(ActionEscalate, "你们再不管我就打12305投诉你们", "escalate")
    said = await stage.play_again(ValidateReportForm)
    assert said == ["say_report_begin", "say_report_ask_role"]
    await stage.play(ValidateReportForm, "收件人", "provide_info", ("role", "receiver"))
    await stage.play(ValidateReportForm, "约了三次都没人送", "complain_service")
    said = await stage.play(ValidateReportForm, "确认提交", "affirm")
    assert said == ["say_ticket_opened", "say_ticket_urgent"]
    body = stage.bodies("tickets")[0]
    assert body["urgent"] is True
    assert (body["kind"], body["description"]) == ("complaint", "约了三次都没人送")


async def test_in_the_middle_of_a_report_it_becomes_urgent_and_goes_on() -> None:
    slots = {"kind": "lost", "waybill_no": SF, "proofs": {SF: "shown"}, "requested_slot": "role"}
    stage = Stage(slots=slots)
    said = await stage.play(ValidateReportForm, "不处理我就曝光你们", "escalate")
    assert said == ["say_escalated", "say_report_urgent_now", "say_report_ask_role"]
    assert stage.slots["kind"] == "lost"
    assert stage.slots["urgent"] is True


async def test_the_next_report_is_not_urgent_because_the_last_one_was() -> None:
    slots = {"kind": "lost", "waybill_no": SF, "requested_slot": "role", "urgent": True}
    stage = Stage(slots=slots)
    await stage.play(ValidateReportForm, "不报了", "change_mind")
    await stage.play(ValidateReportForm, "东西破了", "report_damage")
    assert stage.slots["urgent"] is False


async def test_a_threat_that_tells_its_story_is_not_asked_for_it() -> None:
    stage = Stage(slots={"waybill_no": SF, "proofs": {SF: "shown"}})
    text = "约了三次都没人送还乱签收，再不处理我就打12305投诉你们"
    await stage.play(ActionEscalate, text, "escalate", ("role", "receiver"))
    assert await stage.play_again(ValidateReportForm) == ["say_report_confirm"]
