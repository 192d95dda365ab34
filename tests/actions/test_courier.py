"""How to reach the courier."""

import httpx
import pytest

from actions.answering import ActionAnswer
from actions.clarify import ActionClarify
from actions.courier import ActionCourierContact
from actions.hotlines import hotline
from actions.loose_answers import ActionAcceptOffer, ActionRouteInfo
from actions.reporting import ValidateReportForm
from actions.tracking import ValidateTrackForm
from tests.actions.stage import SF, Stage, card, found, track

ASKED = ("快递员电话多少", "courier_contact")
CARRIER = ("carrier", "SF")
NUMBER = ["say_courier_number", "say_courier_offer"]


async def test_a_named_carrier_has_its_hotline() -> None:
    stage = Stage()
    assert await stage.play(ActionCourierContact, "顺丰快递员电话", ASKED[1], CARRIER) == NUMBER
    assert stage.responses[0]["hotline"] == "95338"
    assert stage.calls == []


@pytest.mark.parametrize("entities", [[("waybill_no", SF)], []])
async def test_a_parcel_tells_its_carrier(entities: list[tuple[str, str]]) -> None:
    stage = Stage(slots={"waybill_no": SF}).will_answer("track", found(full=False))
    assert await stage.play(ActionCourierContact, *ASKED, *entities) == NUMBER
    assert stage.responses[0]["carrier"] == "顺丰速运"


async def test_a_carrier_without_a_known_number_is_said_plainly() -> None:
    stage = Stage()
    said = await stage.play(ActionCourierContact, *ASKED, ("carrier", "DNWL"))
    assert said == ["say_courier_no_number", "say_courier_offer"]


@pytest.mark.parametrize("answer", [track("slow"), httpx.ReadTimeout("")])
async def test_a_parcel_that_cannot_be_looked_at_leaves_the_general_way(answer: object) -> None:
    stage = Stage(slots={"waybill_no": SF}).will_answer("track", answer)
    assert await stage.play(ActionCourierContact, *ASKED) == ["say_faq", "say_courier_offer"]


async def test_without_a_carrier_it_is_asked_and_its_name_is_the_answer() -> None:
    stage = Stage()
    assert await stage.play(ActionCourierContact, *ASKED) == ["say_faq"]
    assert await stage.play(ActionClarify, "顺丰的", "nlu_fallback", CARRIER) == NUMBER


async def test_a_number_is_the_answer_too() -> None:
    stage = Stage().will_answer("track", found())
    await stage.play(ActionCourierContact, *ASKED)
    assert await stage.play(ActionRouteInfo, SF, "provide_info", ("waybill_no", SF)) == NUMBER


@pytest.mark.parametrize("yes", ["affirm", "courier_contact"])
async def test_a_call_back_is_filed_as_urging(yes: str) -> None:
    stage = Stage(slots={"waybill_no": SF, "proofs": {SF: "shown"}})
    stage.will_answer("tickets", {"outcome": "opened", "ticket": card()})
    await stage.play(ActionCourierContact, *ASKED, CARRIER)
    action = ActionAcceptOffer if yes == "affirm" else ActionCourierContact
    await stage.play(action, "请派件员联系我", yes)
    assert stage.followup == "report_form"
    assert (await stage.play_again(ValidateReportForm))[-1] == "say_report_ask_role"
    await stage.play(ValidateReportForm, "收件人", "provide_info", ("role", "receiver"))
    await stage.play(ValidateReportForm, "确认提交", "affirm")
    body = stage.bodies("tickets")[0]
    assert (body["kind"], body["description"]) == ("urge", "请派件员联系收件人")


async def test_only_a_carriers_name_is_asked_about_with_buttons() -> None:
    stage = Stage()
    assert await stage.play(ActionClarify, "顺丰", "nlu_fallback", CARRIER) == [
        "say_clarify_carrier"
    ]
    titles = [button["title"] for button in stage.responses[0]["buttons"]]
    assert titles == ["查顺丰快递", "顺丰快递员电话多少", "转人工"]


async def test_the_same_name_once_more_is_no_loop() -> None:
    stage = Stage()
    await stage.play(ActionAnswer, "顺丰", "ask_carrier", CARRIER)
    assert await stage.play(ActionAnswer, "顺丰", "ask_carrier", CARRIER) == ["say_offer_person"]


async def test_a_carriers_name_in_the_tracking_form_is_heard() -> None:
    stage = Stage(slots={"requested_slot": "waybill_no", "asked": {}})
    said = await stage.play(ValidateTrackForm, "顺丰", "ask_carrier", CARRIER)
    assert said == ["say_ask_waybill"]


def test_a_carrier_nobody_knows_has_no_hotline() -> None:
    assert hotline("XX") is None
    assert hotline(None) is None
