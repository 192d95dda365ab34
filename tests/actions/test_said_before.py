"""What a customer has said already is not asked for again, and not mixed up."""

import pytest

from actions.loose_answers import ActionAcceptOffer, ActionDeclineOffer, ActionRouteInfo
from actions.news_later import ActionPromiseNews
from actions.reporting import ValidateReportForm
from actions.tracking import ValidateTrackForm
from tests.actions.stage import SF, YT, Stage, card, found, track

WAYBILL, DIGITS, ROLE = ("waybill_no", SF), ("phone_tail", "6789"), ("role", "receiver")
FILED = {"outcome": "opened", "ticket": card()}
PROMISED = {"outcome": "promised"}


async def test_digits_after_a_failed_look_are_looked_with_and_kept_for_the_promise() -> None:
    stage = Stage().will_answer("track", track("carrier_down")).will_answer("promises", PROMISED)
    await stage.play(ValidateTrackForm, SF, "provide_info", WAYBILL)
    await stage.play(ActionRouteInfo, "尾号6789", "provide_info", DIGITS)
    assert stage.followup == "track_form"
    said = await stage.play(ValidateTrackForm, "尾号6789", "provide_info", DIGITS)
    assert said == ["say_digits_kept", "say_track_carrier_down"]
    assert stage.bodies("track")[-1]["phone_tail"] == "6789"
    assert await stage.play(ActionAcceptOffer, "好", "affirm") == ["say_promised"]
    assert stage.bodies("promises")[0]["phone_tail"] == "6789"


async def test_digits_kept_for_one_parcel_are_not_given_for_another() -> None:
    stage = Stage().will_answer("track", track("slow")).will_answer("promises", PROMISED)
    await stage.play(ValidateTrackForm, f"{SF} 6789", "provide_info", WAYBILL, DIGITS)
    await stage.play(ActionPromiseNews, f"{YT}通知我", "notify_me_later", ("waybill_no", YT))
    assert "phone_tail" not in stage.bodies("promises")[0]


@pytest.mark.parametrize("end", [("确认", "affirm"), ("不报了", "change_mind")])
async def test_the_words_of_a_report_that_is_over_stay_out_of_the_next(
    end: tuple[str, str],
) -> None:
    first = {"kind": "damage", "waybill_no": SF, "role": "sender", "proofs": {SF: "shown"}}
    stage = Stage(slots={**first, "requested_slot": "description"}).will_answer("tickets", FILED)
    await stage.play(ValidateReportForm, "第一件的杯子碎了", "report_damage")
    await stage.play(ValidateReportForm, *end)
    await stage.play(ValidateReportForm, f"{YT}丢件了", "report_lost", ("waybill_no", YT))
    assert stage.slots["words"] == [f"{YT}丢件了"]


async def test_digits_and_side_in_one_answer_are_both_taken() -> None:
    slots = {"kind": "delay", "waybill_no": SF, "requested_slot": "phone_tail"}
    stage = Stage(slots=slots).will_answer("track", found())
    said = await stage.play(ValidateReportForm, "尾号6789，收件人", "provide_info", DIGITS, ROLE)
    assert said == ["say_report_confirm"]


async def test_digits_before_the_number_are_kept() -> None:
    stage = Stage(slots={"kind": "delay", "requested_slot": "waybill_no"})
    stage.will_answer("track", found())
    said = await stage.play(ValidateReportForm, "尾号6789", "provide_info", DIGITS)
    assert said == ["say_digits_kept", "say_report_ask_waybill_still"]
    assert await stage.play(ValidateReportForm, SF, "provide_info", WAYBILL) == [
        "say_report_ask_role"
    ]


async def test_a_story_told_with_the_side_is_the_description() -> None:
    slots = {"kind": "damage", "waybill_no": SF, "requested_slot": "role"}
    stage = Stage(slots={**slots, "proofs": {SF: "shown"}})
    item = ("item", "杯子")
    said = await stage.play(ValidateReportForm, "我收的，杯子碎了", "report_damage", ROLE, item)
    assert said == ["say_report_confirm"]


@pytest.mark.parametrize(("text", "role"), [("收", "receiver"), ("寄的人", "sender")])
async def test_a_side_in_other_words_is_understood(text: str, role: str) -> None:
    slots = {"kind": "delay", "waybill_no": SF, "requested_slot": "role"}
    stage = Stage(slots={**slots, "proofs": {SF: "shown"}})
    await stage.play(ValidateReportForm, text, "nlu_fallback")
    assert stage.slots["role"] == role


async def test_a_phone_number_instead_of_a_waybill_is_kept_as_digits() -> None:
    stage = Stage().will_answer("track", found())
    phone = ("phone", "13800006789")
    said = await stage.play(ValidateTrackForm, "13800006789", "track_parcel", phone)
    assert said == ["say_ask_waybill_beside_digits"]
    assert await stage.play(ValidateTrackForm, SF, "provide_info", WAYBILL) == [
        "say_track_full_eta"
    ]
    assert stage.bodies("track")[0]["phone_tail"] == "6789"


async def test_who_knows_no_number_is_told_where_it_stands() -> None:
    said = await Stage().play(ActionDeclineOffer, "我不知道单号", "cannot_provide")
    assert said == ["say_where_is_waybill"]
