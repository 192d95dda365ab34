"""The progress form."""

from typing import Any

import pytest

from actions.progress import ValidateProgressForm
from tests.actions.stage import SF, Stage, card

NUMBER = "T20261122000001"
FOUND = {"outcome": "found", "tickets": [card(), card("T20261122000002")]}
CALL = "ticket-progress"


def answer(outcome: str) -> dict[str, Any]:
    """Ticketing's answer without tickets."""
    return {"outcome": outcome, "tickets": []}


async def test_without_a_number_the_tickets_of_the_conversation_are_told() -> None:
    stage = Stage().will_answer(CALL, FOUND)
    said = await stage.play(ValidateProgressForm, "处理得怎么样了", "ticket_status")
    assert said == ["say_progress", "say_progress"]
    assert stage.responses[0]["step_label"] == "核实"
    assert stage.responses[0]["custom"]["card"] == card()
    assert stage.bodies(CALL) == [{"message_id": "m1"}]
    assert stage.slots["requested_slot"] is None


@pytest.mark.parametrize(
    ("entity", "value", "key"),
    [("ticket_no", NUMBER, "ticket_no"), ("waybill_no", SF, "waybill_no")],
)
async def test_a_number_is_looked_up(entity: str, value: str, key: str) -> None:
    stage = Stage().will_answer(CALL, FOUND)
    await stage.play(ValidateProgressForm, value, "ticket_status", (entity, value))
    assert stage.bodies(CALL)[0][key] == value


async def test_where_there_is_none_a_number_is_asked() -> None:
    stage = Stage().will_answer(CALL, answer("none"), FOUND)
    said = await stage.play(ValidateProgressForm, "工单呢", "ticket_status")
    assert said == ["say_progress_ask_number"]
    said = await stage.play(ValidateProgressForm, NUMBER, "provide_info", ("ticket_no", NUMBER))
    assert said[0] == "say_progress"


async def test_a_parcel_without_tickets_ends_the_form() -> None:
    stage = Stage().will_answer(CALL, answer("none"))
    said = await stage.play(ValidateProgressForm, SF, "ticket_status", ("waybill_no", SF))
    assert said == ["say_progress_none"]
    assert stage.slots["requested_slot"] is None


@pytest.mark.parametrize(("entity", "value"), [("ticket_no", NUMBER), ("waybill_no", SF)])
async def test_digits_are_asked_and_go_with_the_same_number(entity: str, value: str) -> None:
    stage = Stage().will_answer(CALL, answer("need_phone_tail"), FOUND)
    said = await stage.play(ValidateProgressForm, value, "ticket_status", (entity, value))
    assert said == ["say_progress_ask_digits"]
    await stage.play(ValidateProgressForm, "6789", "provide_info", ("phone_tail", "6789"))
    assert stage.bodies(CALL)[1] == {"message_id": "m2", entity: value, "phone_tail": "6789"}


@pytest.mark.parametrize(
    ("outcome", "response", "requested"),
    [
        ("wrong_phone_tail", "say_progress_digits_wrong", "phone_tail"),
        ("unknown_ticket", "say_progress_unknown", "ticket_no"),
        ("too_many_tries", "say_digits_too_many", None),
    ],
)
async def test_each_mistake_has_its_words(
    outcome: str, response: str, requested: str | None
) -> None:
    stage = Stage().will_answer(CALL, answer(outcome))
    said = await stage.play(ValidateProgressForm, NUMBER, "ticket_status", ("ticket_no", NUMBER))
    assert said == [response]
    assert stage.slots["requested_slot"] == requested


async def test_it_is_never_a_loop() -> None:
    stage = Stage().will_answer(CALL, answer("unknown_ticket"))
    number = ("ticket_no", NUMBER)
    await stage.play(ValidateProgressForm, NUMBER, "ticket_status", number)
    said = await stage.play(ValidateProgressForm, NUMBER, "provide_info", number)
    assert said == ["say_offer_person"]
    assert stage.slots["requested_slot"] is None


@pytest.mark.parametrize(
    ("intent", "said", "requested", "followup"),
    [
        ("cannot_provide", ["say_progress_stopped"], None, None),
        ("chitchat", ["say_chitchat_in_form", "say_progress_ask_number"], "ticket_no", None),
        ("affirm", ["say_progress_ask_number_again"], "ticket_no", None),
        ("track_parcel", [], None, "track_form"),
        ("report_lost", [], None, "report_form"),
        ("talk_to_human", ["say_handed_off"], None, None),
    ],
)
async def test_other_messages_inside_the_form(
    intent: str, said: list[str], requested: str | None, followup: str | None
) -> None:
    stage = Stage(slots={"requested_slot": "ticket_no", "asked": {}})
    stage.will_answer("handoff", {"outcome": "queued", "position": 1, "told": "您排在第 1 位。"})
    assert await stage.play(ValidateProgressForm, "…", intent) == said
    assert stage.slots["requested_slot"] == requested
    assert stage.followup == followup
