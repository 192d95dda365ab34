"""The tracking form."""

from typing import Any

import httpx
import pytest

from actions.backend_errors import BackendRefused
from actions.tracking import ValidateTrackForm
from tests.actions.stage import SF, YT, Stage, found, track

CITY = found(full=False)


async def test_a_parcel_that_was_shown_is_told_at_once() -> None:
    stage = Stage().will_answer("track", found())
    said = await stage.play(ValidateTrackForm, "到哪了", "track_parcel", ("waybill_no", SF))
    assert said == ["say_track_full_eta"]
    told = stage.responses[0]
    assert told["last_at"] == "11月22日 14:05"
    assert told["eta_at"] == "11月23日 18:00"
    assert told["custom"]["card"]["disclosure"] == "full"
    assert stage.slots["requested_slot"] is None
    assert stage.slots["proofs"] == {SF: "shown"}


@pytest.mark.parametrize(
    ("changes", "response"),
    [
        ({"eta": None}, "say_track_full"),
        ({"is_final": True}, "say_track_full_final"),
        ({"is_problem": True}, "say_track_full_problem"),
        ({"last_event": None, "events": []}, "say_track_full_bare"),
    ],
)
async def test_each_kind_of_news_has_its_words(changes: dict[str, Any], response: str) -> None:
    stage = Stage().will_answer("track", found(**changes))
    said = await stage.play(ValidateTrackForm, SF, "provide_info", ("waybill_no", SF))
    assert said == [response]


@pytest.mark.parametrize(
    ("outcome", "response", "offer"),
    [
        ("unknown_waybill", "say_track_unknown_waybill", None),
        ("unknown_carrier", "say_track_unknown_carrier", None),
        ("no_events", "say_track_no_events", "news"),
        ("carrier_down", "say_track_carrier_down", "news"),
        ("slow", "say_track_slow", "news"),
        ("too_many_tries", "say_digits_too_many", "person"),
    ],
)
async def test_what_cannot_be_told_ends_the_form(
    outcome: str, response: str, offer: str | None
) -> None:
    stage = Stage().will_answer("track", track(outcome))
    said = await stage.play(ValidateTrackForm, SF, "provide_info", ("waybill_no", SF))
    assert said == [response]
    assert stage.slots["requested_slot"] is None
    assert (stage.slots.get("offer") or {}).get("what") == offer


async def test_no_answer_in_time_is_slow() -> None:
    stage = Stage().will_answer("track", httpx.ReadTimeout(""))
    said = await stage.play(ValidateTrackForm, SF, "provide_info", ("waybill_no", SF))
    assert said == ["say_track_slow"]


async def test_an_error_of_ticketing_is_not_hidden() -> None:
    stage = Stage().will_answer("track", httpx.Response(500))
    with pytest.raises(BackendRefused):
        await stage.play(ValidateTrackForm, SF, "provide_info", ("waybill_no", SF))


async def test_without_digits_state_and_city_are_told_and_the_digits_asked() -> None:
    stage = Stage().will_answer("track", CITY, found())
    said = await stage.play(ValidateTrackForm, SF, "provide_info", ("waybill_no", SF))
    assert said == ["say_track_city", "say_ask_digits"]
    assert stage.slots["requested_slot"] == "phone_tail"
    said = await stage.play(ValidateTrackForm, "1234", "provide_info", ("phone_tail", "1234", 0.5))
    assert said == ["say_track_full_eta"]
    assert stage.bodies("track")[1]["phone_tail"] == "1234"
    assert stage.slots["phone_tail"] is None


async def test_a_whole_phone_number_gives_its_last_four() -> None:
    stage = Stage().will_answer("track", CITY, found())
    await stage.play(ValidateTrackForm, SF, "provide_info", ("waybill_no", SF))
    await stage.play(ValidateTrackForm, "13800136789", "provide_info", ("phone", "13800136789"))
    assert stage.bodies("track")[1]["phone_tail"] == "6789"


async def test_digits_that_may_be_anything_are_not_tried_unasked() -> None:
    stage = Stage().will_answer("track", CITY)
    await stage.play(
        ValidateTrackForm,
        f"{SF} 2026",
        "track_parcel",
        ("waybill_no", SF),
        ("phone_tail", "2026", 0.5),
    )
    assert "phone_tail" not in stage.bodies("track")[0]


async def test_wrong_digits_are_told_with_the_tries_left() -> None:
    stage = Stage().will_answer("track", CITY, track("wrong_phone_tail", 2))
    await stage.play(ValidateTrackForm, SF, "provide_info", ("waybill_no", SF))
    said = await stage.play(ValidateTrackForm, "1111", "provide_info", ("phone_tail", "1111"))
    assert said == ["say_digits_wrong"]
    assert stage.responses[0]["tries_left"] == 2
    assert stage.slots["requested_slot"] == "phone_tail"


async def test_two_parcels_are_asked_for_one_after_the_other() -> None:
    answers = (CITY, found(YT, full=False), found(), found(YT))
    stage = Stage().will_answer("track", *answers)
    both = (("waybill_no", SF), ("waybill_no", YT))
    said = await stage.play(ValidateTrackForm, f"{SF} {YT}", "track_parcel", *both)
    assert said == ["say_track_city", "say_track_city", "say_ask_digits"]
    assert (stage.slots["waybill_no"], stage.slots["waiting"]) == (SF, [YT])
    said = await stage.play(ValidateTrackForm, "1111", "provide_info", ("phone_tail", "1111"))
    assert said == ["say_track_full_eta", "say_ask_digits"]
    assert stage.slots["waybill_no"] == YT
    await stage.play(ValidateTrackForm, "2222", "provide_info", ("phone_tail", "2222"))
    assert stage.slots["requested_slot"] is None
    assert stage.slots["proofs"] == {SF: "shown", YT: "shown"}


async def test_a_refusal_is_not_asked_about_again() -> None:
    stage = Stage().will_answer("track", CITY)
    await stage.play(ValidateTrackForm, SF, "provide_info", ("waybill_no", SF))
    said = await stage.play(ValidateTrackForm, "不方便", "cannot_provide")
    assert said == ["say_track_without_digits"]
    said = await stage.play(ValidateTrackForm, "到哪了", "track_parcel")
    assert said == ["say_track_city"]
    assert stage.slots["requested_slot"] is None


async def test_the_parcel_of_the_conversation_is_meant_unless_another_is() -> None:
    stage = Stage(slots={"waybill_no": SF}).will_answer("track", found())
    assert await stage.play(ValidateTrackForm, "到哪了", "track_parcel") == ["say_track_full_eta"]
    said = await stage.play(ValidateTrackForm, "再查一个", "track_parcel", ("another", "another"))
    assert said == ["say_ask_waybill"]


async def test_a_number_is_asked_twice_then_a_person_is_offered() -> None:
    stage = Stage()
    assert await stage.play(ValidateTrackForm, "到哪了", "track_parcel") == ["say_ask_waybill"]
    said = await stage.play(ValidateTrackForm, "不知道", "cannot_provide")
    assert said == ["say_where_is_waybill"]
    assert await stage.play(ValidateTrackForm, "嗯", "affirm") == ["say_offer_person"]
    assert stage.slots["requested_slot"] is None
    assert stage.slots["offer"]["what"] == "person"


@pytest.mark.parametrize(
    ("intent", "followup"),
    [
        ("report_damage", "report_form"),
        ("ticket_status", "progress_form"),
        ("notify_me_later", "action_promise_news"),
        ("report_problem", "action_ask_kind"),
    ],
)
async def test_another_wish_leaves_the_form(intent: str, followup: str) -> None:
    stage = Stage().will_answer("track", CITY)
    await stage.play(ValidateTrackForm, SF, "provide_info", ("waybill_no", SF))
    assert await stage.play(ValidateTrackForm, "…", intent) == []
    assert stage.followup == followup
    assert stage.slots["requested_slot"] is None


@pytest.mark.parametrize("slot", ["waybill_no", "phone_tail"])
async def test_small_talk_is_answered_and_the_question_repeated(slot: str) -> None:
    stage = Stage(slots={"requested_slot": slot, "waybill_no": SF, "asked": {}})
    said = await stage.play(ValidateTrackForm, "哈哈", "chitchat")
    assert said[0] == "say_chitchat_in_form"
    assert len(said) == 2
    assert stage.slots["requested_slot"] == slot


@pytest.mark.parametrize("slot", ["waybill_no", "phone_tail"])
async def test_a_person_can_be_had_inside_the_form(slot: str) -> None:
    stage = Stage(slots={"requested_slot": slot, "waybill_no": SF})
    stage.will_answer("handoff", {"outcome": "queued", "position": 1, "told": "您排在第 1 位。"})
    assert await stage.play(ValidateTrackForm, "转人工", "talk_to_human") == ["say_handed_off"]
    assert stage.slots["requested_slot"] is None


@pytest.mark.parametrize(
    ("intent", "slot"), [("change_mind", "waybill_no"), ("thanks", "phone_tail")]
)
async def test_a_customer_may_leave(intent: str, slot: str) -> None:
    stage = Stage(slots={"requested_slot": slot, "waybill_no": SF})
    assert len(await stage.play(ValidateTrackForm, "…", intent)) == 1
    assert stage.slots["requested_slot"] is None


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ["say_track_full_eta"]),
        ({"eta": None}, ["say_track_full", "say_track_no_eta"]),
        ({"eta": None, "is_final": True}, ["say_track_full_final"]),
    ],
)
async def test_who_asks_when_it_comes_hears_it_or_that_nobody_knows(
    changes: dict[str, Any], said: list[str]
) -> None:
    stage = Stage(slots={"waybill_no": SF}).will_answer("track", found(**changes))
    assert await stage.play(ValidateTrackForm, "什么时候能到", "ask_shipping_time") == said


async def test_who_asked_for_the_time_and_had_to_give_digits_hears_of_it_too() -> None:
    stage = Stage().will_answer("track", found(full=False), found(eta=None))
    await stage.play(ValidateTrackForm, f"{SF}明天能到不", "ask_shipping_time", ("waybill_no", SF))
    said = await stage.play(ValidateTrackForm, "6789", "provide_info", ("phone_tail", "6789"))
    assert said == ["say_track_full", "say_track_no_eta"]
