"""When something is sent, sent again, held, or given up: pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.errors import (
    AccountRefused,
    AnswerLost,
    ChannelError,
    ChannelThrottled,
    ChannelUnavailable,
    ChannelUnreachable,
    MessageRefused,
)
from ticketing.kernel.clock import SHANGHAI
from ticketing.notifications import timing
from ticketing.notifications.manners import GATHERING, MANNERS, Channel, Manner, State

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
ROBOT, SMS, MAIL = (MANNERS[c] for c in (Channel.DINGTALK, Channel.SMS, Channel.EMAIL))
HOUSE = MANNERS[Channel.WEBHOOK]

moments = st.floats(0, 15 * 365).map(lambda days: NOW + timedelta(days=days))


def local(hour: int, minute: int = 0, day: int = 23) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("at", "until"),
    [
        (local(8), None),
        (local(21, 59), None),
        (local(22), local(8, day=24)),
        (local(23, 59), local(8, day=24)),
        (local(0), local(8)),
        (local(7, 59), local(8)),
    ],
)
@pytest.mark.parametrize("manner", [ROBOT, SMS])
def test_the_night_is_from_ten_to_eight_in_shanghai(
    manner: Manner, at: datetime, until: datetime | None
) -> None:
    assert timing.held_until(manner, urgent=False, now=at.astimezone(UTC)) == until


@pytest.mark.parametrize("manner", [MAIL, HOUSE])
def test_mails_and_machines_have_no_night(manner: Manner) -> None:
    assert timing.held_until(manner, urgent=False, now=local(3)) is None


def test_what_is_urgent_wakes_people() -> None:
    assert timing.held_until(ROBOT, urgent=True, now=local(3)) is None


@given(moments)
def test_the_morning_that_is_waited_for_is_no_night_and_less_than_ten_hours_off(
    now: datetime,
) -> None:
    until = timing.held_until(ROBOT, urgent=False, now=now)
    if until is not None:
        assert timedelta() < until - now <= timedelta(hours=10)
        assert timing.held_until(ROBOT, urgent=False, now=until) is None


@pytest.mark.parametrize(
    ("manner", "level", "urgent", "wait"),
    [
        (ROBOT, 0, False, GATHERING),
        (ROBOT, 1, False, timedelta()),
        (ROBOT, 0, True, timedelta()),
        (MAIL, 0, False, GATHERING),
        (SMS, 0, False, timedelta()),
        (HOUSE, 0, False, timedelta()),
    ],
)
def test_only_unimportant_notices_wait_for_company(
    manner: Manner, level: int, urgent: bool, wait: timedelta
) -> None:
    assert timing.first_try(manner, level=level, urgent=urgent, now=NOW) == NOW + wait


@pytest.mark.parametrize("error", [MessageRefused("c", "310001"), AccountRefused("c", "310000")])
def test_what_no_other_try_mends_is_dead_at_once(error: ChannelError) -> None:
    verdict = timing.after_failure(error, ROBOT, 1, NOW, 0.5)
    assert verdict.state == State.DEAD
    assert verdict.error == f"{error.code}:{error.provider_code}"
    assert verdict.at is None


@pytest.mark.parametrize("error", [ChannelUnavailable("c"), ChannelUnreachable("c")])
def test_what_may_pass_is_tried_eight_times(error: ChannelError) -> None:
    states = [timing.after_failure(error, SMS, n, NOW, 0.5).state for n in range(1, 9)]
    assert states == [State.QUEUED] * 7 + [State.DEAD]


def test_waits_double_from_five_seconds_to_half_an_hour() -> None:
    waits = [timing.wait_before(n, 0.5).total_seconds() for n in range(2, 13)]
    assert waits == [5, 10, 20, 40, 80, 160, 320, 640, 1280, 1800, 1800]


@given(st.integers(1, 200), st.floats(0, 1, exclude_max=True))
def test_a_wait_is_half_to_one_and_a_half_of_what_it_would_be(attempt: int, draw: float) -> None:
    even = timing.wait_before(attempt, 0.5)
    assert even * 0.5 <= timing.wait_before(attempt, draw) <= even * 1.5


def test_a_throttled_robot_is_left_alone_as_long_as_it_says() -> None:
    error = ChannelThrottled("dingtalk", "130101", timedelta(minutes=10))
    verdict = timing.after_failure(error, ROBOT, 1, NOW, 0.0)
    assert verdict.state == State.QUEUED
    assert verdict.at is not None
    assert verdict.at > NOW + timedelta(minutes=10)


@pytest.mark.parametrize("manner", [ROBOT, MAIL, HOUSE])
def test_a_lost_answer_is_tried_again_where_that_does_no_harm(manner: Manner) -> None:
    assert timing.after_failure(AnswerLost("c"), manner, 1, NOW, 0.5).state == State.QUEUED


def test_a_lost_answer_about_an_sms_waits_for_its_report() -> None:
    verdict = timing.after_failure(AnswerLost("aliyun_sms"), SMS, 1, NOW, 0.5)
    assert verdict.state == State.SENDING
    assert verdict.at == NOW + SMS.lease
    assert verdict.error == "answer_lost"
