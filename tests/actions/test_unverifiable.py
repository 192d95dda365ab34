"""Digits that nobody can check: said once, and never asked for again."""

from typing import Any

from actions.reporting import ValidateReportForm
from actions.tracking import ValidateTrackForm
from tests.actions.stage import SF, Stage, found

STATE = found(full=False)
UNVERIFIABLE: dict[str, Any] = {**STATE, "unverifiable": True}
WAYBILL = ("waybill_no", SF)


async def told_of_it() -> Stage:
    """A customer whose digits could not be checked."""
    stage = Stage().will_answer("track", STATE, UNVERIFIABLE)
    await stage.play(ValidateTrackForm, SF, "provide_info", WAYBILL)
    said = await stage.play(ValidateTrackForm, "1234", "provide_info", ("phone_tail", "1234"))
    assert said == ["say_track_city", "say_digits_uncheckable"]
    return stage


async def test_it_is_said_plainly_and_the_form_is_over() -> None:
    stage = await told_of_it()
    assert stage.slots["requested_slot"] is None
    assert stage.slots["proofs"] == {SF: "uncheckable"}


async def test_the_digits_are_not_asked_for_again() -> None:
    stage = (await told_of_it()).will_answer("track", STATE)
    assert await stage.play(ValidateTrackForm, "到哪了", "track_parcel") == ["say_track_city"]
    assert stage.slots["requested_slot"] is None


async def test_it_is_said_once_however_often_the_digits_come() -> None:
    stage = await told_of_it()
    digits = ("phone_tail", "1234")
    assert await stage.play(ValidateTrackForm, "尾号1234", "provide_info", digits) == [
        "say_track_city"
    ]


async def test_a_report_goes_on_without_the_digits() -> None:
    stage = Stage().will_answer("track", UNVERIFIABLE)
    await stage.play(ValidateReportForm, "丢件了", "report_lost", WAYBILL)
    said = await stage.play(ValidateReportForm, "1234", "provide_info", ("phone_tail", "1234"))
    assert said == ["say_report_without_proof", "say_report_ask_role"]


async def test_a_report_about_such_a_parcel_asks_for_no_digits() -> None:
    stage = await told_of_it()
    said = await stage.play(ValidateReportForm, "丢件了", "report_lost")
    assert said == ["say_report_begin", "say_report_ask_role"]
