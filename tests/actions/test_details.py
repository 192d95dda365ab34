"""Single facts of a message."""

import pytest

from actions.details import is_whole_address, readable_time, told
from actions.hearing import Entity
from actions.turn import Turn


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


def saying(text: str, *entities: Entity) -> Turn:
    """A message that asks for another day."""
    return Turn("c1", "m1", text, "reschedule_delivery", (), entities, {}, None, ())


@pytest.mark.parametrize(
    ("text", "times", "meant"),
    [
        ("明天没人 后天再送", ["明天", "后天"], "后天"),
        ("后天送吧，明天不在家", ["后天", "明天"], "后天"),
        ("周六不行周日送", ["周六", "周日"], "周日"),
        ("今天先别送 等明天", ["今天", "明天"], "明天"),
        ("昨天说好的 今天送", ["昨天", "今天"], "今天"),
        ("明天不在家", ["明天"], None),
        ("能不能晚点送", ["晚点"], None),
        ("下班以后送", ["下班"], "下班"),
    ],
)
def test_the_time_that_is_wished_is_told_from_those_that_do_not_suit(
    text: str, times: list[str], meant: str | None
) -> None:
    assert told(saying(text, *(Entity("time", each, 1.0, each) for each in times)), "time") == meant


def test_a_vague_word_with_a_date_is_a_time() -> None:
    turn = saying("晚点 6点送", Entity("time", "2026-11-22T18:00", 1.0, "晚点 6点"))
    assert told(turn, "time") == "晚点 6点（11月22日 18:00）"
