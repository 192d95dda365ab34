"""A bucket never lets more through than the vendor allows, and texts fit to the byte."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from channels.patience import A_MINUTE, TEN_MINUTES, Allowance, Bucket
from channels.texts import cut_bytes

NOW = datetime(2026, 1, 2, 3, 0, tzinfo=UTC)
ROBOT = Allowance(per_minute=18, burst=2)


def test_a_full_bucket_gives_a_burst_and_then_asks_to_wait() -> None:
    bucket = Bucket.full(ROBOT, NOW)
    for _ in range(2):
        bucket, wait = bucket.take(ROBOT, NOW)
        assert wait == timedelta()
    bucket, wait = bucket.take(ROBOT, NOW)
    assert wait == ROBOT.interval
    _, wait = bucket.take(ROBOT, NOW + ROBOT.interval)
    assert wait == timedelta()


def test_a_closed_bucket_gives_nothing_until_it_opens_and_then_little_by_little() -> None:
    closed = Bucket.full(ROBOT, NOW).closed(NOW + TEN_MINUTES)
    same, wait = closed.take(ROBOT, NOW + A_MINUTE)
    assert (same, wait) == (closed, TEN_MINUTES - A_MINUTE)
    _, wait = closed.take(ROBOT, NOW + TEN_MINUTES)
    assert wait == ROBOT.interval
    _, wait = closed.take(ROBOT, NOW + TEN_MINUTES + ROBOT.interval)
    assert wait == timedelta()


def test_a_clock_that_runs_backwards_gives_no_tokens() -> None:
    bucket = Bucket(0.5, NOW)
    assert bucket.filled(ROBOT, NOW - A_MINUTE) == Bucket(0.5, NOW)


@given(st.lists(st.floats(0, 30, allow_nan=False), min_size=1, max_size=200))
def test_no_minute_ever_sees_more_than_the_bucket_and_what_flowed_in(gaps: list[float]) -> None:
    bucket, now, sent = Bucket.full(ROBOT, NOW), NOW, []
    for gap in gaps:
        now += timedelta(seconds=gap)
        bucket, wait = bucket.take(ROBOT, now)
        if not wait:
            sent.append(now)
        assert 0 <= bucket.tokens <= 2
    for start in sent:
        within = [at for at in sent if start <= at < start + A_MINUTE]
        assert len(within) <= 20, "more than the vendor allows"
    assert len(sent) <= 2 + (now - NOW) / ROBOT.interval + 1


@given(st.text(max_size=80), st.integers(0, 120))
def test_a_text_is_cut_by_bytes_and_no_character_is_broken(text: str, most: int) -> None:
    cut = cut_bytes(text, most)
    assert len(cut.encode()) <= most
    assert cut == text or cut.removesuffix("…") in text
    assert (cut == text) >= (len(text.encode()) <= most)


def test_a_chinese_text_loses_whole_characters() -> None:
    assert cut_bytes("快递到了", 12) == "快递到了"
    assert cut_bytes("快递到了", 11) == "快递…"
    assert cut_bytes("快递到了", 9) == "快递…"
    assert cut_bytes("快递到了", 2) == ""
