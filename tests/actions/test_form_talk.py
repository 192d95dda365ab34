"""No form goes on for ever beside the point."""

from collections.abc import Callable

import pytest

from actions.backend import Backend
from actions.clarify import ActionBesideThePoint, ActionClarify
from actions.house_action import HouseAction
from actions.progress import ValidateProgressForm
from actions.reporting import ValidateReportForm
from actions.tracking import ValidateTrackForm
from tests.actions.stage import SF, Stage

QUEUED = {"outcome": "queued", "position": 4, "told": "您排在第 4 位。"}
Form = Callable[[Backend], HouseAction]
IN_FORMS: list[tuple[Form, str]] = [
    (ValidateTrackForm, "waybill_no"),
    (ValidateTrackForm, "phone_tail"),
    (ValidateProgressForm, "ticket_no"),
    (ValidateReportForm, "waybill_no"),
    (ValidateReportForm, "role"),
    (ValidateReportForm, "confirmed"),
]


@pytest.mark.parametrize(("form", "slot"), IN_FORMS)
@pytest.mark.parametrize("intent", ["out_of_scope", "chitchat"])
async def test_small_talk_is_answered_twice_then_a_person_is_offered(
    form: Form, slot: str, intent: str
) -> None:
    stage = Stage(slots={"requested_slot": slot, "kind": "lost", "waybill_no": SF})
    for _ in range(2):
        assert "say_offer_person" not in await stage.play(form, "香蕉飞机", intent)
        assert stage.slots["requested_slot"] == slot
    assert await stage.play(form, "香蕉飞机", intent) == ["say_offer_person"]
    assert stage.slots["requested_slot"] is None


@pytest.mark.parametrize("action", [ActionBesideThePoint, ActionClarify])
async def test_after_the_offer_the_next_nonsense_hands_over(action: Form) -> None:
    stage = Stage(slots={"requested_slot": "waybill_no"}).will_answer("handoff", QUEUED)
    for _ in range(3):
        await stage.play(ValidateTrackForm, "香蕉飞机", "out_of_scope")
    assert await stage.play(action, "香蕉飞机", "out_of_scope") == ["say_handed_off"]
    assert stage.bodies("handoff")[0]["reason"] == "not_understood"


async def test_outside_a_form_a_person_is_offered_the_third_time() -> None:
    stage = Stage()
    chat = [await stage.play(ActionBesideThePoint, "唱首歌", "chitchat") for _ in range(3)]
    assert chat == [["utter_chitchat"], ["utter_chitchat"], ["say_offer_person"]]


async def test_who_cannot_say_what_to_change_is_offered_a_person() -> None:
    filled = {"kind": "lost", "waybill_no": SF, "role": "sender", "description": "找不到了"}
    stage = Stage(slots={**filled, "requested_slot": "confirmed"})
    said = [await stage.play(ValidateReportForm, "不对", "deny") for _ in range(3)]
    assert said == [
        ["say_report_what_to_change"],
        ["say_report_what_to_change"],
        ["say_offer_person"],
    ]


@pytest.mark.parametrize("intent", ["greet", "thanks"])
async def test_politeness_never_ends_a_form(intent: str) -> None:
    stage = Stage(slots={"requested_slot": "role", "kind": "lost", "waybill_no": SF})
    for _ in range(5):
        await stage.play(ValidateReportForm, "谢谢", intent)
    assert stage.slots["requested_slot"] == "role"
