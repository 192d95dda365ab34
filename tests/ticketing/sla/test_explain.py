"""How an end came about, in words and numbers; and what is known of holidays."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.ticketing.sla.days import ALWAYS, OFFICE, shanghai
from ticketing.sla import holidays
from ticketing.sla.calendars import SpecialDay
from ticketing.sla.deadlines import Limit, Pause, due_at
from ticketing.sla.explain import explain

HOUR = timedelta(hours=1)
START = shanghai("2026-09-24 16:00")


def limit(*pauses: Pause, hours: float = 4) -> Limit:
    return Limit(START, hours * HOUR, OFFICE, pauses)


def end_of(each: Limit) -> object:
    return due_at(each.started_at, each.target, each.calendar, each.pauses)


def test_a_limit_over_a_holiday_names_it() -> None:
    told = explain(limit(), shanghai("2026-09-28 11:00"), START)
    assert told.days == (SpecialDay(date(2026, 9, 25), "中秋", works=False),)
    assert told.text == (
        "9月24日 16:00起4小时（日历：office）；9月25日中秋不计时；到期 9月28日 11:00"
    )
    assert (told.used_seconds, told.remaining_seconds) == (0, 4 * 3600)
    assert told.warnings == ()


def test_a_make_up_day_is_named_too() -> None:
    each = Limit(shanghai("2026-09-18 17:30"), HOUR, OFFICE)
    told = explain(each, shanghai("2026-09-20 09:30"), each.started_at)
    assert "9月20日国庆节上班" in told.text
    assert end_of(each) == shanghai("2026-09-20 09:30")


def test_a_pause_is_told_with_its_business_time() -> None:
    night = Pause("waiting_customer", START + HOUR, shanghai("2026-09-28 10:00"))
    each = limit(night)
    told = explain(each, shanghai("2026-09-28 14:30"), shanghai("2026-09-28 11:00"))
    assert told.pauses == ((night, 2 * 3600),)
    assert "等待客户扣除2小时" in told.text
    assert (told.used_seconds, told.remaining_seconds) == (2 * 3600, 2 * 3600)
    assert end_of(each) == shanghai("2026-09-28 14:30")


def test_a_pause_that_goes_on_is_measured_until_now() -> None:
    waiting = Pause("waiting_carrier", START + HOUR)
    told = explain(limit(waiting), None, START + 1.5 * HOUR)
    assert told.pauses == ((waiting, 1800),)
    assert told.text.endswith("等待快递公司扣除30分钟；暂停中，恢复后继续计时")
    assert told.used_seconds == 3600


def test_a_limit_that_is_used_up_owes_time() -> None:
    each = Limit(START, HOUR, ALWAYS)
    assert explain(each, START + HOUR, START + 3 * HOUR).remaining_seconds == -2 * 3600


@pytest.mark.parametrize(
    ("length", "words"),
    [(30, "30秒"), (60, "1分钟"), (3600, "1小时"), (5400, "1小时30分钟"), (90000, "25小时")],
)
def test_a_length_is_said_in_hours_and_minutes(length: int, words: str) -> None:
    each = Limit(START, timedelta(seconds=length), ALWAYS)
    assert f"起{words}（" in explain(each, START, START).text


def test_a_year_nobody_has_published_is_told_of() -> None:
    each = Limit(shanghai("2091-03-01 09:00"), HOUR, OFFICE)
    [warning] = explain(each, shanghai("2091-03-01 10:00"), each.started_at).warnings
    assert "2091 年" in warning
    assert "个别日子" in warning


def test_an_end_years_away_is_explained_for_a_year_only() -> None:
    each = Limit(shanghai("2024-01-01 09:00"), 20_000 * HOUR, OFFICE)
    told = explain(each, shanghai("2034-01-01 09:00"), each.started_at)
    assert {special.day.year for special in told.days} <= {2024, 2025}


@pytest.mark.parametrize(
    ("day", "off", "made_up"),
    [
        (date(2026, 2, 17), "春节", None),
        (date(2026, 2, 14), None, "春节"),
        (date(2026, 10, 1), "国庆节", None),
        (date(2026, 11, 19), None, None),
        (date(2026, 11, 21), None, None),
        (date(2015, 9, 3), "中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日", None),
        (date(2099, 10, 1), None, None),
        (date(1999, 10, 1), None, None),
    ],
)
def test_holidays_and_make_up_days_have_chinese_names(
    day: date, off: str | None, made_up: str | None
) -> None:
    assert holidays.holiday(day) == off
    assert holidays.make_up_for(day) == made_up


def test_only_published_years_are_known() -> None:
    assert holidays.published(2026)
    assert holidays.published(2004)
    assert not holidays.published(2003)
    assert not holidays.published(2098)


def test_a_year_that_is_not_known_is_logged_once(capsys: pytest.CaptureFixture[str]) -> None:
    holidays.published.cache_clear()
    for _ in range(3):
        assert not holidays.published(2097)
    printed = capsys.readouterr()
    assert (printed.out + printed.err).count("holidays_not_published") == 1
