from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carriers.lenient import compact_json, field, is_true, rows_of, text_of, time_of


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2026-01-02 03:04:05", datetime(2026, 1, 1, 19, 4, 5, tzinfo=UTC)),
        ("2026/01/02 03:04:05", datetime(2026, 1, 1, 19, 4, 5, tzinfo=UTC)),
        ("2026-01-02T03:04:05", datetime(2026, 1, 1, 19, 4, 5, tzinfo=UTC)),
        ("2026-01-02 03:04:056", datetime(2026, 1, 1, 19, 4, 5, tzinfo=UTC)),
        ("2026-01-02 03:04:05.678", datetime(2026, 1, 1, 19, 4, 5, tzinfo=UTC)),
        ("2026-01-02 03:04", datetime(2026, 1, 1, 19, 4, tzinfo=UTC)),
        ("2026-01-02 18", datetime(2026, 1, 2, 10, tzinfo=UTC)),
        (" 2026年1月2日 ", datetime(2026, 1, 1, 16, tzinfo=UTC)),
    ],
)
def test_chinese_wall_clock_times_become_utc(written: str, read: datetime) -> None:
    assert time_of(written) == read


@pytest.mark.parametrize("written", ["", "昨天", "2026-02-30 00:00:00", "1767288245", "03:04:05"])
def test_what_is_no_time_is_none(written: str) -> None:
    assert time_of(written) is None


@given(st.text())
def test_no_text_breaks_the_reading_of_times(written: str) -> None:
    read = time_of(written)
    assert read is None or read.tzinfo is UTC


def test_the_first_field_that_says_anything_counts() -> None:
    row: dict[str, object] = {
        "Location": None,
        "remark": "  到达 ",
        "State": 2,
        "Flag": True,
        "Deep": {},
    }
    assert text_of(row, "location", "Remark") == "到达"
    assert text_of(row, "STATE") == "2"
    assert text_of(row, "flag") == "true"
    assert text_of(row, "deep", "absent") == ""


@pytest.mark.parametrize("value", [True, "true", "True", 1, "1"])
def test_flags_are_true_in_many_ways(value: object) -> None:
    assert is_true(value)


@pytest.mark.parametrize("value", [False, "false", 0, "0", None, "", []])
def test_flags_are_false_in_more(value: object) -> None:
    assert not is_true(value)


def test_rows_are_told_from_no_rows_and_from_rubbish() -> None:
    assert rows_of([{"a": 1}]) == ({"a": 1},)
    assert rows_of(None) == rows_of("") == rows_of([]) == ()
    assert rows_of({}) is None
    assert rows_of([{"a": 1}, 2]) is None


def test_signed_json_is_compact_and_keeps_chinese() -> None:
    assert compact_json({"a": "订单", "b": ""}) == '{"a":"订单","b":""}'
    assert field({"Success": False}, "success") is False
