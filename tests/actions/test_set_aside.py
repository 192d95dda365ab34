"""A wish in the middle of a report: nothing is lost, and everything is said."""

from typing import Any

import pytest

from actions.loose_answers import ActionAcceptOffer, ActionDeclineOffer
from actions.reporting import ValidateReportForm
from tests.actions.stage import SF, Stage, card

OPENED = {"outcome": "opened", "ticket": card()}
QUEUED = {"outcome": "queued", "position": 1, "told": "您排在第 1 位。"}
DAMAGE: dict[str, Any] = {
    "kind": "damage",
    "waybill_no": SF,
    "description": "杯子碎了",
    "words": ["杯子碎了"],
    "proofs": {SF: "shown"},
    "requested_slot": "role",
}


async def set_aside(
    text: str = "帮我拦截快递", intent: str = "intercept_or_return_parcel"
) -> Stage:
    """A customer who wants something else in the middle of a report."""
    stage = Stage(slots={**DAMAGE}).will_answer("tickets", OPENED)
    said = await stage.play(ValidateReportForm, text, intent)
    assert said[0] == "say_report_set_aside"
    return stage


async def test_the_report_is_set_aside_and_it_is_said() -> None:
    stage = await set_aside()
    assert stage.responses[0]["kind_label"] == "破损"
    assert stage.slots["kind"] == "interception"
    assert stage.slots["set_aside"][0]["description"] == "杯子碎了"


async def test_the_parcel_goes_over_to_the_other_matter() -> None:
    stage = await set_aside()
    assert stage.slots["waybill_no"] == SF
    assert stage.slots["description"] is None
    assert stage.slots["requested_slot"] == "role"


async def finished(stage: Stage) -> list[str]:
    """File the other matter."""
    await stage.play(ValidateReportForm, "寄件人", "provide_info", ("role", "sender"))
    return await stage.play(ValidateReportForm, "确认提交", "affirm")


async def test_after_the_other_matter_the_report_is_offered_and_taken_up() -> None:
    stage = await set_aside()
    assert await finished(stage) == ["say_ticket_opened", "say_resume_offer"]
    await stage.play(ActionAcceptOffer, "接着办", "affirm")
    assert stage.followup == "report_form"
    assert (await stage.play_again(ValidateReportForm))[-1] == "say_report_confirm"
    assert stage.slots["role"] == "sender"
    assert stage.slots["description"] == "杯子碎了"
    assert stage.slots["words"] == ["杯子碎了"]


async def test_a_no_lets_the_report_go() -> None:
    stage = await set_aside()
    await finished(stage)
    assert await stage.play(ActionDeclineOffer, "不用了", "deny") == ["say_declined"]
    assert stage.slots["set_aside"] is None


async def test_it_is_offered_too_when_the_other_matter_is_given_up() -> None:
    stage = await set_aside()
    said = await stage.play(ValidateReportForm, "先不办了", "change_mind")
    assert said == ["say_report_cancelled", "say_resume_offer"]


async def test_who_goes_back_by_themselves_finds_everything() -> None:
    stage = await set_aside("我要寄快递", "schedule_pickup")
    assert stage.slots["requested_slot"] == "address"
    said = await stage.play(ValidateReportForm, "东西破损了", "report_damage")
    assert said == ["say_report_set_aside", "say_report_ask_role"]
    assert stage.slots["description"] == "杯子碎了"
    assert [kept["kind"] for kept in stage.slots["set_aside"]] == ["pickup"]


async def test_a_person_takes_everything_over() -> None:
    stage = (await set_aside()).will_answer("handoff", QUEUED)
    await stage.play(ValidateReportForm, "转人工", "talk_to_human")
    assert stage.slots["set_aside"] is None


async def test_a_new_report_is_not_followed_by_an_old_one() -> None:
    stage = Stage(slots={"set_aside": [{"kind": "damage"}]})
    await stage.play(ValidateReportForm, "丢件了", "report_lost")
    assert stage.slots["set_aside"] is None


async def test_one_trouble_turns_into_another_with_all_that_was_told() -> None:
    stage = Stage(slots={**DAMAGE})
    said = await stage.play(ValidateReportForm, "我要赔偿", "claim_compensation")
    assert said[0] == "say_report_kind_changed"
    assert stage.slots["kind"] == "compensation"
    assert stage.slots["description"] == "杯子碎了"


@pytest.mark.parametrize("intent", ["withdraw_complaint", "change_mind"])
async def test_taking_back_what_is_not_filed_yet_gives_it_up(intent: str) -> None:
    stage = Stage(slots={**DAMAGE})
    assert await stage.play(ValidateReportForm, "撤了吧", intent) == ["say_report_cancelled"]
    assert stage.calls == []
