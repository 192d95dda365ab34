"""Days and times are understood as people write them."""

from __future__ import annotations

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.forms.spoken_times import day_in, moment_in, time_in

SUNDAY = date(2026, 11, 22)

DAYS = {
    "2026-11-20": "2026-11-20",
    "2026年11月20日": "2026-11-20",
    "2026/1/5": "2026-01-05",
    "2026.11.20": "2026-11-20",
    "20261120": "2026-11-20",
    "11月20日": "2026-11-20",
    "11月20号": "2026-11-20",
    "十一月二十号": "2026-11-20",
    "11/20": "2026-11-20",
    "1月3日": "2027-01-03",
    "12月31日": "2026-12-31",
    "3月1日": "2027-03-01",
    "8月1日": "2026-08-01",
    "今天": "2026-11-22",
    "昨天下午": "2026-11-21",
    "昨晚": "2026-11-21",
    "前天": "2026-11-20",
    "大前天": "2026-11-19",
    "明天": "2026-11-23",
    "后天": "2026-11-24",
    "大后天": "2026-11-25",
    "3天前": "2026-11-19",
    "三天后": "2026-11-25",
    "十天以前": "2026-11-12",
    "周五": "2026-11-20",
    "这周日": "2026-11-22",
    "上周五": "2026-11-13",
    "上上周一": "2026-11-02",
    "下周三": "2026-11-25",
    "下个星期天": "2026-11-29",
    "礼拜二": "2026-11-17",
    "20号": "2026-11-20",
    "25日": "2026-10-25",
}


@pytest.mark.parametrize(("text", "expected"), DAYS.items())
def test_a_day_is_understood(text: str, expected: str) -> None:
    assert day_in(text, SUNDAY) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25号", "2026-11-25"),
        ("3号", "2026-12-03"),
        ("11月20日", "2027-11-20"),
        ("周五", "2026-11-27"),
    ],
)
def test_a_day_that_must_come_yet_is_the_next_one(text: str, expected: str) -> None:
    assert day_in(text, SUNDAY, ahead=True) == date.fromisoformat(expected)


@pytest.mark.parametrize(
    "text", ["", "随便", "2026-02-30", "13月1日", "40号", "下午三点", "2月30日"]
)
def test_what_is_no_day_is_not_guessed(text: str) -> None:
    assert day_in(text, SUNDAY) is None


def test_without_today_only_whole_dates_are_understood() -> None:
    assert day_in("昨天", None) is None
    assert day_in("11月20日", None) is None
    assert day_in("2026年11月20日", None) == date(2026, 11, 20)


TIMES = {
    "14:30": (14, 30),
    "14：05": (14, 5),
    "下午3点": (15, 0),
    "下午三点半": (15, 30),
    "上午10点": (10, 0),
    "晚上8点15": (20, 15),
    "晚上八点一刻": (20, 15),
    "3点45分": (3, 45),
    "中午12点": (12, 0),
    "中午1点": (13, 0),
    "凌晨12点": (0, 0),
    "早上七点": (7, 0),
    "明天下午 3 点以后": (15, 0),
    "二十三时": (23, 0),
    "下午14点": (14, 0),
}


@pytest.mark.parametrize(("text", "expected"), TIMES.items())
def test_a_time_is_understood(text: str, expected: tuple[int, int]) -> None:
    assert time_in(text) == time(*expected)


@pytest.mark.parametrize("text", ["", "下午", "25点", "12:99", "11月20日", "30分"])
def test_what_is_no_time_is_not_guessed(text: str) -> None:
    assert time_in(text) is None


def test_a_moment_has_a_day_and_a_time() -> None:
    at = moment_in("昨天下午3点", SUNDAY)
    assert at is not None
    assert at.isoformat() == "2026-11-21T15:00:00+08:00"
    assert moment_in("昨天", SUNDAY) is None
    assert moment_in("下午3点", SUNDAY) is None


@given(st.dates(date(1950, 1, 1), date(2150, 1, 1)))
def test_every_whole_date_is_read_back(day: date) -> None:
    for text in (day.isoformat(), f"{day.year}年{day.month}月{day.day}日", f"{day:%Y/%m/%d}"):
        assert day_in(text, None) == day


@given(st.dates(date(2020, 1, 1), date(2030, 12, 31)), st.integers(-180, 180))
def test_a_date_without_a_year_is_the_nearest_one(today: date, away: int) -> None:
    day = date.fromordinal(today.toordinal() + away)
    assert day_in(f"{day.month}月{day.day}日", today) == day


@given(st.text(alphabet="0123456789年月日号点时分:-/上下周天一二三十半今明昨前后午 ", max_size=30))
def test_any_mixture_is_understood_or_not_but_never_breaks(text: str) -> None:
    assert isinstance(day_in(text, SUNDAY), date | None)
    assert isinstance(time_in(text), time | None)
    assert isinstance(day_in(text, SUNDAY, ahead=True), date | None)
