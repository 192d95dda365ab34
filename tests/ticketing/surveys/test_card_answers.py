"""What the web chat's survey card sends is an answer, whatever the customer adds to it."""

from __future__ import annotations

import pytest

from ticketing.surveys.scoring import Reading, read


@pytest.mark.parametrize("score", [1, 2, 3, 4, 5])
def test_stars_alone_are_a_score(score: int) -> None:
    assert read(f"评分 {score} 分", just_asked=False) == Reading(score)


@pytest.mark.parametrize(
    "remark",
    [
        "请改进",
        "什么时候赔？",
        "帮我查 YT1234567890123",
        "给 5 分太多了",
        "慢" * 300,
        "一行\n又一行",
    ],
)
def test_a_remark_stays_a_remark(remark: str) -> None:
    assert read(f"评分 2 分：{remark}") == Reading(2, remark)


def test_words_around_it_are_read_as_words() -> None:
    asked = "请问评分 3 分：是什么意思？"
    assert read(asked) == Reading(None)
