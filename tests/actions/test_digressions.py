"""Questions in the middle of forms are answered, and the form goes on."""

from collections.abc import Callable
from typing import Any

import pytest

from actions.backend import Backend
from actions.form_talk import MOST_QUESTIONS
from actions.house_action import HouseAction
from actions.progress import ValidateProgressForm
from actions.reporting import ValidateReportForm
from actions.tracking import ValidateTrackForm
from tests.actions.stage import SF, YT, Stage, card, found

Form = Callable[[Backend], HouseAction]
FILLED: dict[str, Any] = {
    "kind": "damage",
    "waybill_no": SF,
    "description": "杯子碎了",
    "proofs": {SF: "shown"},
    "asked": {},
}
FORMS: list[tuple[Form, str, str]] = [
    (ValidateTrackForm, "waybill_no", "say_ask_waybill"),
    (ValidateTrackForm, "phone_tail", "say_ask_digits"),
    (ValidateProgressForm, "ticket_no", "say_progress_ask_number"),
    (ValidateReportForm, "role", "say_report_ask_role"),
    (ValidateReportForm, "description", "say_report_ask_description"),
    (ValidateReportForm, "confirmed", "say_report_confirm"),
]


def at(slot: str, **changes: Any) -> Stage:
    """A stage in the middle of a form."""
    return Stage(slots={**FILLED, "requested_slot": slot, **changes})


@pytest.mark.parametrize(("form", "slot", "question"), FORMS)
async def test_a_fact_is_told_and_the_question_comes_again(
    form: Form, slot: str, question: str
) -> None:
    stage = at(slot)
    said = await stage.play(form, "保价要多少钱", "ask_insured")
    assert said == ["say_faq", question]
    assert stage.slots["requested_slot"] == slot
    assert stage.slots["asked"] == {"questions": 1}


@pytest.mark.parametrize(("form", "slot", "question"), FORMS)
async def test_after_many_questions_a_person_is_offered(
    form: Form, slot: str, question: str
) -> None:
    stage = at(slot)
    for _ in range(MOST_QUESTIONS):
        assert question in await stage.play(form, "保价要多少钱", "ask_insured")
    said = await stage.play(form, "保价要多少钱", "ask_insured")
    assert said == ["say_faq", "say_many_questions"]
    assert stage.slots["requested_slot"] is None


async def test_questions_are_no_vain_answers() -> None:
    stage = at("role")
    for _ in range(3):
        await stage.play(ValidateReportForm, "保价要多少钱", "ask_insured")
    said = await stage.play(ValidateReportForm, "额", "nlu_fallback")
    assert said == ["say_report_ask_role_again"]


@pytest.mark.parametrize("intent", ["track_parcel", "ask_shipping_time"])
async def test_a_tracking_question_in_the_progress_form_is_answered(intent: str) -> None:
    stage = at("ticket_no").will_answer("track", found())
    said = await stage.play(ValidateProgressForm, "到哪了", intent)
    assert said == ["say_track_full_eta", "say_progress_ask_number"]


async def test_when_it_arrives_is_told_in_the_middle_of_a_report() -> None:
    stage = at("role").will_answer("track", found())
    said = await stage.play(ValidateReportForm, "几点能到", "ask_shipping_time")
    assert said == ["say_track_full_eta", "say_report_ask_role"]


async def test_another_parcel_may_be_asked_about_without_changing_the_report() -> None:
    stage = at("role").will_answer("track", found(YT))
    text = f"{YT}到哪了"
    said = await stage.play(ValidateReportForm, text, "track_parcel", ("waybill_no", YT))
    assert said == ["say_track_full_eta", "say_report_ask_role"]
    assert stage.slots["waybill_no"] == SF


async def test_the_courier_is_told_in_the_middle_of_a_report() -> None:
    stage = at("role").will_answer("track", found())
    said = await stage.play(ValidateReportForm, "快递员电话多少", "courier_contact")
    assert said == ["say_courier_number", "say_report_ask_role"]


async def test_proof_is_noted_later_when_a_report_is_being_made() -> None:
    stage = at("role")
    said = await stage.play(ValidateReportForm, "我拍了照片", "provide_evidence")
    assert said == ["say_evidence_in_form", "say_report_ask_role"]
    assert stage.calls == []


async def test_news_may_be_ordered_in_the_middle_of_a_report() -> None:
    stage = at("role").will_answer("promises", {"outcome": "promised"})
    said = await stage.play(ValidateReportForm, "到了告诉我", "notify_me_later")
    assert said == ["say_promised", "say_report_ask_role"]


async def test_a_description_that_sounds_like_a_question_topic_is_a_description() -> None:
    stage = at("description", description=None)
    said = await stage.play(ValidateReportForm, "两瓶香水都漏光了", "ask_sendable")
    assert said[-1] == "say_report_ask_role"
    assert stage.slots["description"] == "两瓶香水都漏光了"


async def test_goods_to_be_fetched_are_no_question() -> None:
    details = {"address": "滨江小区3栋", "time": "明天", "phone": "13800138000"}
    stage = Stage(slots={"kind": "pickup", "details": details, "requested_slot": "item"})
    assert await stage.play(ValidateReportForm, "两瓶白酒", "ask_sendable") == [
        "say_report_confirm"
    ]


@pytest.mark.parametrize("form", [ValidateTrackForm, ValidateProgressForm])
@pytest.mark.parametrize(
    ("intent", "text", "action"),
    [
        ("change_address", "我要改地址", "action_answer"),
        ("schedule_pickup", "我要寄快递", "action_answer"),
        ("withdraw_complaint", "撤销投诉", "action_withdraw"),
        ("provide_evidence", "我有照片", "action_take_evidence"),
        ("escalate", "我打12305", "action_escalate"),
        ("report_lost", "丢件了", "report_form"),
        ("courier_contact", "请派件员联系我", "action_courier_contact"),
    ],
)
async def test_another_wish_leaves_a_form_that_loses_nothing(
    form: Form, intent: str, text: str, action: str
) -> None:
    stage = Stage(slots={"requested_slot": "waybill_no", "asked": {}})
    stage.slots["requested_slot"] = "ticket_no" if form is ValidateProgressForm else "waybill_no"
    assert await stage.play(form, text, intent) == []
    assert stage.followup == action


async def test_the_state_of_a_ticket_is_told_in_a_wish() -> None:
    slots = {"kind": "pickup", "requested_slot": "address", "asked": {}}
    stage = Stage(slots=slots).will_answer(
        "ticket-progress", {"outcome": "found", "tickets": [card()]}
    )
    said = await stage.play(ValidateReportForm, "我的工单呢", "ticket_status")
    assert said == ["say_progress", "say_pickup_ask_address"]
