"""The report form."""

from typing import Any

import httpx
import pytest

from actions.backend_errors import BackendRefused, BackendUnreachable
from actions.reporting import ValidateReportForm
from tests.actions.stage import SF, YT, Stage, card, found, track

OPENED = {"outcome": "opened", "ticket": card()}
FILLED: dict[str, Any] = {
    "requested_slot": "confirmed",
    "kind": "damage",
    "waybill_no": SF,
    "role": "receiver",
    "description": "杯子碎了",
    "words": ["杯子碎了"],
    "proofs": {SF: "shown"},
}


def at(slot: str, **changes: Any) -> Stage:
    """A stage in the middle of the form."""
    return Stage(slots={**FILLED, "requested_slot": slot, **changes})


async def test_a_report_is_asked_for_piece_by_piece() -> None:
    stage = Stage().will_answer("track", found()).will_answer("tickets", OPENED)
    turns: list[tuple[Any, list[str]]] = [
        (("东西破了", "report_damage"), ["say_report_ask_waybill"]),
        ((SF, "provide_info", ("waybill_no", SF)), ["say_report_ask_digits"]),
        (("6789", "provide_info", ("phone_tail", "6789")), ["say_report_ask_role"]),
        (("我是收件人", "provide_info", ("role", "receiver")), ["say_report_ask_description"]),
        (("两个碗都碎了", "report_damage"), ["say_report_confirm"]),
        (("确认提交", "affirm"), ["say_ticket_opened"]),
    ]
    for message, expected in turns:
        assert await stage.play(ValidateReportForm, *message) == expected
    assert stage.bodies("tickets") == [
        {
            "message_id": "m6",
            "kind": "damage",
            "waybill_no": SF,
            "description": "两个碗都碎了",
            "words": ["东西破了", "两个碗都碎了"],
            "phone_tail": "6789",
            "role": "receiver",
            "intent": "report_damage",
        }
    ]
    assert stage.slots["requested_slot"] is None
    assert stage.slots["kind"] is None
    assert stage.responses[0]["custom"]["card"]["ticket_no"] == "T20261122000001"


async def test_a_first_message_that_says_it_all_is_the_description() -> None:
    stage = Stage(slots={"waybill_no": SF, "proofs": {SF: "shown"}})
    said = await stage.play(ValidateReportForm, "收到的杯子碎了", "report_damage", ("item", "杯子"))
    assert said == ["say_report_begin", "say_report_ask_role"]
    assert stage.slots["description"] == "收到的杯子碎了"


@pytest.mark.parametrize(("kind", "intent"), [("delay", "report_delay"), ("urge", "urge_delivery")])
async def test_some_kinds_need_no_description(kind: str, intent: str) -> None:
    stage = Stage(slots={"waybill_no": SF, "proofs": {SF: "refused"}})
    said = await stage.play(ValidateReportForm, "快点", intent, ("role", "sender"))
    assert said == ["say_report_confirm"]
    assert stage.slots["kind"] == kind


async def test_refused_digits_are_not_asked_again() -> None:
    stage = at("phone_tail", proofs={}, role=None)
    assert await stage.play(ValidateReportForm, "不方便", "cannot_provide") == [
        "say_report_ask_role"
    ]
    assert stage.slots["proofs"] == {SF: "refused"}


@pytest.mark.parametrize(
    ("answer", "said", "requested"),
    [
        (track("wrong_phone_tail", 2), ["say_digits_wrong", "say_report_ask_digits"], "phone_tail"),
        (track("too_many_tries"), ["say_report_without_proof", "say_report_confirm"], "confirmed"),
        (track("carrier_down"), ["say_report_confirm"], "confirmed"),
        (httpx.ReadTimeout(""), ["say_report_confirm"], "confirmed"),
        (
            track("unknown_carrier"),
            ["say_track_unknown_carrier", "say_report_ask_waybill"],
            "waybill_no",
        ),
    ],
)
async def test_digits_are_checked_but_a_carrier_that_is_down_stops_nobody(
    answer: Any, said: list[str], requested: str
) -> None:
    stage = at("phone_tail", proofs={}).will_answer("track", answer)
    assert (
        await stage.play(ValidateReportForm, "1111", "provide_info", ("phone_tail", "1111")) == said
    )
    assert stage.slots["requested_slot"] == requested


async def test_a_report_joins_an_open_ticket() -> None:
    stage = at("confirmed").will_answer("tickets", {"outcome": "joined", "ticket": card()})
    assert await stage.play(ValidateReportForm, "提交", "affirm") == ["say_ticket_joined"]


async def test_a_report_that_opens_a_closed_ticket_again_is_told_so_in_one_sentence() -> None:
    stage = at("confirmed").will_answer("tickets", {"outcome": "reopened", "ticket": card()})
    [said] = await stage.play(ValidateReportForm, "提交", "affirm")
    [told] = stage.responses
    assert said.startswith("之前的工单 T20261122000001 已重新打开")
    assert told["custom"] == {"card": card()}
    assert [button["payload"] for button in told["buttons"]] == ["查工单进度"]
    assert stage.slots["requested_slot"] is None


async def test_in_haste_a_ticket_that_is_opened_again_is_urgent_too() -> None:
    stage = at("confirmed", urgent=True)
    stage.will_answer("tickets", {"outcome": "reopened", "ticket": card()})
    said = await stage.play(ValidateReportForm, "提交", "affirm")
    assert said[1:] == ["say_ticket_urgent"]


async def test_a_refusal_of_ticketing_is_told_in_its_words() -> None:
    refusal = httpx.Response(422, json={"error": "x", "detail": "运单号不正确"})
    stage = at("confirmed").will_answer("tickets", refusal)
    assert await stage.play(ValidateReportForm, "提交", "affirm") == ["say_ticket_refused"]
    assert stage.responses[0]["detail"] == "运单号不正确。"


@pytest.mark.parametrize(
    ("answer", "error"),
    [(httpx.Response(503), BackendRefused), (httpx.ConnectError(""), BackendUnreachable)],
)
async def test_a_failure_of_ticketing_is_not_hidden(answer: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        await (
            at("confirmed")
            .will_answer("tickets", answer)
            .play(ValidateReportForm, "提交", "affirm")
        )


@pytest.mark.parametrize("slot", ["waybill_no", "phone_tail", "role", "description", "confirmed"])
async def test_a_report_can_be_given_up_at_any_step(slot: str) -> None:
    stage = at(slot)
    assert await stage.play(ValidateReportForm, "不报了", "change_mind") == ["say_report_cancelled"]
    assert stage.slots["requested_slot"] is None
    assert stage.slots["description"] is None


@pytest.mark.parametrize("slot", ["waybill_no", "phone_tail", "role", "description", "confirmed"])
async def test_a_person_can_be_had_at_any_step(slot: str) -> None:
    stage = at(slot).will_answer(
        "handoff", {"outcome": "queued", "position": 1, "told": "您排在第 1 位。"}
    )
    assert await stage.play(ValidateReportForm, "转人工", "talk_to_human") == ["say_handed_off"]
    assert stage.slots["requested_slot"] is None


@pytest.mark.parametrize("slot", ["phone_tail", "role", "description", "confirmed"])
async def test_another_number_replaces_the_first_at_any_step(slot: str) -> None:
    stage = at(slot)
    said = await stage.play(ValidateReportForm, f"是{YT}", "correct_info", ("waybill_no", YT))
    assert said[0] == "say_report_waybill_changed"
    assert stage.slots["waybill_no"] == YT
    assert stage.slots["requested_slot"] == "phone_tail"


@pytest.mark.parametrize("slot", ["phone_tail", "role", "confirmed"])
async def test_another_kind_replaces_the_first(slot: str) -> None:
    stage = at(slot)
    said = await stage.play(ValidateReportForm, "其实是丢件", "report_lost")
    assert said[0] == "say_report_kind_changed"
    assert stage.slots["kind"] == "lost"


async def test_a_long_description_does_not_change_the_kind() -> None:
    stage = at("description", description=None, kind="misdelivery")
    said = await stage.play(ValidateReportForm, "送到隔壁去了东西还摔碎了", "report_damage")
    assert said == ["say_report_confirm"]
    assert stage.slots["kind"] == "misdelivery"


@pytest.mark.parametrize("intent", ["correct_info", "deny"])
async def test_the_summary_can_be_mended(intent: str) -> None:
    stage = at("confirmed")
    assert await stage.play(ValidateReportForm, "修改", intent) == ["say_report_what_to_change"]
    assert stage.slots["requested_slot"] == "confirmed"


@pytest.mark.parametrize("part", ["waybill_no", "role", "description"])
async def test_a_named_part_is_asked_again(part: str) -> None:
    stage = at("confirmed")
    await stage.play(ValidateReportForm, "改一下", "correct_info", ("field", part))
    assert stage.slots["requested_slot"] == part


async def test_more_of_the_same_is_added_to_the_description() -> None:
    stage = at("confirmed")
    await stage.play(ValidateReportForm, "盒子也烂了", "report_damage")
    assert stage.slots["description"] == "杯子碎了；盒子也烂了"


async def test_a_parcel_question_is_answered_and_the_form_goes_on() -> None:
    stage = at("role", role=None).will_answer("track", found())
    said = await stage.play(ValidateReportForm, "到哪了", "track_parcel")
    assert said == ["say_track_full_eta", "say_report_ask_role"]
    assert stage.slots["requested_slot"] == "role"


@pytest.mark.parametrize(
    ("tickets", "response"), [([], "say_report_no_ticket_yet"), ([card()], "say_progress")]
)
async def test_a_ticket_question_is_answered_and_the_form_goes_on(
    tickets: list[Any], response: str
) -> None:
    answer = {"outcome": "found" if tickets else "none", "tickets": tickets}
    stage = at("role", role=None).will_answer("ticket-progress", answer)
    said = await stage.play(ValidateReportForm, "工单呢", "ticket_status")
    assert said == [response, "say_report_ask_role"]


@pytest.mark.parametrize(
    ("slot", "empty"),
    [("waybill_no", {"waybill_no": None}), ("role", {"role": None}), ("confirmed", {})],
)
async def test_after_two_questions_in_vain_a_person_is_offered(
    slot: str, empty: dict[str, Any]
) -> None:
    stage = at(slot, **empty, asked={})
    first = await stage.play(ValidateReportForm, "额", "nlu_fallback")
    assert first != ["say_offer_person"]
    assert stage.slots["requested_slot"] == slot
    assert await stage.play(ValidateReportForm, "额", "nlu_fallback") == ["say_offer_person"]
    assert stage.slots["requested_slot"] is None
    assert stage.slots["kind"] is None


async def test_only_sentences_that_tell_something_are_the_customers_words() -> None:
    stage = at("role", role=None)
    await stage.play(ValidateReportForm, "收件人", "provide_info", ("role", "receiver"))
    assert stage.slots["words"] == ["杯子碎了"]
