"""What happens outside forms: people, promises, offers, clarifying."""

import pytest

from actions.clarify import ActionAskKind, ActionClarify
from actions.handoff import ActionHandOff
from actions.loose_answers import ActionAcceptOffer, ActionDeclineOffer, ActionRouteInfo
from actions.news_later import ActionPromiseNews
from actions.tracking import ValidateTrackForm
from tests.actions.stage import SF, Stage, track

QUEUED = {"outcome": "queued", "position": 4, "told": "您排在第 4 位。"}
PROMISED = {"outcome": "promised"}


async def test_a_person_is_told_with_the_place_in_the_queue() -> None:
    stage = Stage().will_answer("handoff", QUEUED)
    assert await stage.play(ActionHandOff, "转人工", "talk_to_human") == ["say_handed_off"]
    assert stage.responses[0]["position"] == 4
    assert stage.bodies("handoff") == [{"message_id": "m1", "reason": "asked"}]


async def test_yes_right_after_the_offer_makes_the_promise() -> None:
    stage = Stage().will_answer("track", track("carrier_down")).will_answer("promises", PROMISED)
    await stage.play(ValidateTrackForm, SF, "provide_info", ("waybill_no", SF))
    assert await stage.play(ActionAcceptOffer, "好", "affirm") == ["say_promised"]
    assert stage.bodies("promises") == [{"message_id": "m2", "waybill_no": SF}]


async def test_yes_to_a_person_hands_over() -> None:
    stage = Stage().will_answer("track", track("too_many_tries")).will_answer("handoff", QUEUED)
    await stage.play(ValidateTrackForm, SF, "provide_info", ("waybill_no", SF))
    assert await stage.play(ActionAcceptOffer, "好", "affirm") == ["say_handed_off"]


async def test_an_offer_does_not_outlive_the_next_message() -> None:
    stage = Stage().will_answer("track", track("carrier_down"))
    await stage.play(ValidateTrackForm, SF, "provide_info", ("waybill_no", SF))
    await stage.play(ActionDeclineOffer, "不用", "deny")
    assert await stage.play(ActionAcceptOffer, "好", "affirm") == ["say_anything_else"]


async def test_a_no_is_respected() -> None:
    stage = Stage().will_answer("track", track("carrier_down"))
    await stage.play(ValidateTrackForm, SF, "provide_info", ("waybill_no", SF))
    assert await stage.play(ActionDeclineOffer, "不用", "deny") == ["say_declined"]
    assert await stage.play(ActionDeclineOffer, "没有了", "deny") == ["say_nothing_else"]


async def test_news_can_be_promised_for_the_parcel_in_question() -> None:
    stage = Stage(slots={"waybill_no": SF}).will_answer("promises", PROMISED)
    assert await stage.play(ActionPromiseNews, "通知我", "notify_me_later") == ["say_promised"]
    said = await Stage().play(ActionPromiseNews, "通知我", "notify_me_later")
    assert said == ["say_news_of_which"]


@pytest.mark.parametrize("action", [ActionRouteInfo, ActionClarify])
@pytest.mark.parametrize(
    ("entity", "value", "followup"),
    [("waybill_no", SF, "track_form"), ("ticket_no", "T20261122000001", "progress_form")],
)
async def test_a_bare_number_is_a_question(
    action: type[ActionRouteInfo], entity: str, value: str, followup: str
) -> None:
    stage = Stage()
    assert await stage.play(action, value, "provide_info", (entity, value)) == []
    assert stage.followup == followup


async def test_a_correction_without_a_number_asks_for_it() -> None:
    assert await Stage().play(ActionRouteInfo, "发错了", "correct_info") == ["say_right_number"]
    assert await Stage().play(ActionRouteInfo, "收件人", "provide_info") == ["say_what_next"]


async def test_the_two_likeliest_readings_are_offered() -> None:
    stage = Stage()
    ranking = ("nlu_fallback", "affirm", "report_lost", "report_delay", "urge_delivery")
    said = await stage.play(ActionClarify, "咕噜", "nlu_fallback", ranking=ranking)
    assert said == ["say_clarify"]
    titles = [button["title"] for button in stage.responses[0]["buttons"]]
    assert titles == ["丢件了", "一直没到", "转人工"]


async def test_a_second_time_in_a_row_a_person_takes_over() -> None:
    stage = Stage().will_answer("handoff", QUEUED)
    await stage.play(ActionClarify, "咕噜", "nlu_fallback")
    assert await stage.play(ActionClarify, "咕噜", "nlu_fallback") == ["say_handed_off"]
    assert stage.bodies("handoff")[0]["reason"] == "not_understood"


async def test_two_times_with_something_between_are_no_row() -> None:
    stage = Stage()
    await stage.play(ActionClarify, "咕噜", "nlu_fallback")
    await stage.play(ActionDeclineOffer, "不用", "deny")
    assert await stage.play(ActionClarify, "咕噜", "nlu_fallback") == ["say_clarify"]


async def test_a_problem_without_a_kind_keeps_its_number() -> None:
    stage = Stage()
    said = await stage.play(ActionAskKind, "报问题", "report_problem", ("waybill_no", SF))
    assert said == ["say_ask_kind"]
    assert stage.slots["waybill_no"] == SF
