"""Single facts of a message."""

import pytest

from actions.details import is_whole_address, readable_time


@pytest.mark.parametrize(
    ("spoken", "value", "told"),
    [
        ("明天", "2026-11-23", "明天（11月23日）"),
        ("明天下午", "2026-11-23T15:00/2026-11-23T18:00", "明天下午（11月23日 15:00\u201318:00）"),
        ("周末", "2026-11-28/2026-11-29", "周末（11月28日\u201311月29日）"),
        ("", "2026-11-23", "11月23日"),
        ("下班以后", "下班以后", "下班以后"),
    ],
)
def test_a_time_is_told_in_the_customers_words_and_as_a_date(
    spoken: str, value: str, told: str
) -> None:
    assert readable_time(spoken, value) == told


@pytest.mark.parametrize(
    ("text", "whole"),
    [("杭州", False), ("浙江省杭州市", False), ("文三路1号", True), ("滨江小区3栋502", True)],
)
def test_an_address_is_whole_when_a_courier_could_find_it(text: str, whole: bool) -> None:
    assert is_whole_address(text) is whole
