"""Answers to steps that a timer has ended, as the engine sees them."""

from __future__ import annotations

import pytest

from ticketing.workflow.definitions import shipped
from ticketing.workflow.machine import (
    RunState,
    announcement,
    answer_late,
    complete,
    fire,
    progress,
    send_back,
    start,
    withdraw,
)
from ticketing.workflow.process import Process, StateCategory

STANDARD = shipped().for_kind("?")
REJECTED = {"decision": "reject", "reason": "太少了"}
WALK = ("accept", "verify", "handle")


def walked(process: Process, *steps: str) -> RunState:
    state = start(process)
    for name in steps:
        state = complete(process, state, name)
    return state


@pytest.fixture
def silent() -> RunState:
    return fire(STANDARD, walked(STANDARD, *WALK), "customer_silent")


def current(state: RunState | None) -> tuple[str, ...]:
    assert state is not None
    return progress(STANDARD, state).current


def test_a_refusal_leads_where_it_would_have_led_in_time(silent: RunState) -> None:
    late = answer_late(STANDARD, silent, "confirm", REJECTED)

    assert current(silent) == ("follow_up",)
    assert current(late) == ("handle",)
    assert late is not None
    assert late.state_category is StateCategory.OPEN
    assert late.data["confirm"] == REJECTED


def test_what_was_undone_is_not_told_of_what_begins_anew(silent: RunState) -> None:
    paid = complete(STANDARD, silent, "follow_up", {"amount": 88})
    late = answer_late(STANDARD, paid, "confirm", REJECTED)
    assert late is not None
    asked = complete(STANDARD, late, "handle", {"text": "换一件新的给您"})
    told = announcement(STANDARD, late, asked, {"ticket_no": "T1"}, done="handle")

    assert "换一件新的给您" in told
    assert "88" not in told


def test_what_silence_was_taken_for_makes_no_difference(silent: RunState) -> None:
    assert answer_late(STANDARD, silent, "confirm", {"decision": "accept"}) is None


def test_a_run_that_is_over_may_be_answered_too(silent: RunState) -> None:
    over = complete(STANDARD, complete(STANDARD, silent, "follow_up"), "close")

    assert over.is_finished
    assert current(answer_late(STANDARD, over, "confirm", REJECTED)) == ("handle",)
    assert answer_late(STANDARD, over, "confirm", {"decision": "accept"}) is None


def test_a_step_that_is_asked_now_is_not_late() -> None:
    assert answer_late(STANDARD, walked(STANDARD, *WALK), "confirm", REJECTED) is None


def test_a_step_that_the_run_is_yet_to_come_to_is_not_late(silent: RunState) -> None:
    back = send_back(STANDARD, silent, "follow_up", "verify")

    assert answer_late(STANDARD, back, "confirm", REJECTED) is None


def test_nobody_answers_a_step_that_is_not_there(silent: RunState) -> None:
    assert answer_late(STANDARD, silent, "nothing", REJECTED) is None


def test_the_run_that_was_answered_stays_as_it_was(silent: RunState) -> None:
    before = silent.to_dict()
    answer_late(STANDARD, silent, "confirm", REJECTED)

    assert silent.to_dict() == before
    assert withdraw(STANDARD, silent).is_finished
