"""Which score customers mean, in their own words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.surveys.scoring import HIGHEST, LOWEST, read
from ticketing.surveys.texts import BUTTONS, say


@pytest.mark.parametrize(
    ("said", "score"),
    [
        ("5分", 5),
        ("５分", 5),
        ("5", 5),
        ("1", 1),
        ("4.", 4),
        ("给5分吧", 5),
        ("我打三分", 3),
        ("五星", 5),
        ("5星好评", 5),
        ("两颗星", 2),
        ("⭐⭐⭐⭐", 4),
        ("★★★★★★★", 5),
        ("10分", 5),
        ("0分", 1),
        ("100分！", 5),
        ("满分5分我给1分", 1),
        ("4.5分", 5),
        ("很满意", 5),
        ("非常满意，谢谢", 5),
        ("满意", 4),
        ("比较满意", 4),
        ("还不错", 4),
        ("一般般吧", 3),
        ("还行", 3),
        ("不满意", 2),
        ("不太满意", 2),
        ("太慢了", 2),
        ("非常不满意", 1),
        ("差评", 1),
        ("服务太差了", 1),
        ("垃圾", 1),
        ("态度很好就是太慢了", 3),
        ("问题还在", 2),
        ("一点都不满意", 1),
    ],
)
def test_a_score_is_understood(said: str, score: int) -> None:
    assert read(said).score == score


@pytest.mark.parametrize(
    "said",
    [
        "",
        "你好",
        "谢谢",
        "嗯",
        "好的",
        "等了5天才到",
        "打了5分钟电话",
        "第3分拣中心",
        "3星期前寄的",
        "5分给快递员，1分给客服",
        "帮我查一下YT2700000000001到哪了",
        "太慢了，帮我催一下",
        "我要投诉",
        "转人工",
        "不满意，我要退款",
        "你们怎么这么慢",
        "为什么还没到？",
        "差评" + "啊" * 200,
    ],
)
def test_what_is_no_score_is_left_to_the_bot(said: str) -> None:
    assert read(said).score is None


@pytest.mark.parametrize("said", ["太慢了", "1", "满意", "差评"])
def test_words_that_could_mean_anything_count_right_after_the_question_only(said: str) -> None:
    assert read(said, just_asked=True).score is not None
    assert read(said, just_asked=False).score is None


@pytest.mark.parametrize("said", ["5分", "四星", "⭐⭐⭐", "给2分"])
def test_points_and_stars_count_later_too(said: str) -> None:
    assert read(said, just_asked=False).score == read(said).score


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("5分", None),
        ("给5分吧。", None),
        ("⭐⭐⭐⭐⭐", None),
        ("1分，箱子都烂了", "1分，箱子都烂了"),
        ("1分，催了三天才送到", "1分，催了三天才送到"),
        ("差评，太慢了", "差评，太慢了"),
        ("5星，小哥很热情", "5星，小哥很热情"),
    ],
)
def test_what_is_said_beside_the_score_is_kept(said: str, text: str | None) -> None:
    assert read(said).text == text


def test_what_the_buttons_send_is_understood() -> None:
    assert [read(button["payload"]).score for button in BUTTONS] == [5, 4, 3, 2, 1]
    assert [read(button["payload"], just_asked=False).score for button in BUTTONS] == [
        5,
        4,
        3,
        2,
        1,
    ]


@given(st.text(max_size=300))
def test_any_text_has_a_score_of_the_scale_or_none(said: str) -> None:
    score = read(said).score
    assert score is None or LOWEST <= score <= HIGHEST


@given(st.integers(1, 5), st.sampled_from(["{}分", "{}星", "打{}分", "给{}分吧", "{} 分!"]))
def test_a_number_of_points_is_that_score(points: int, form: str) -> None:
    assert read(form.format(points)).score == points


@pytest.mark.parametrize("said", ["1" * 5000, "满分是" * 1700, "可以" * 2500, "⭐" * 5000])
def test_long_texts_are_judged_at_once(said: str) -> None:
    began = time.thread_time()
    read(said)
    assert time.thread_time() - began < 0.1


@pytest.mark.parametrize("name", ["ask_ticket", "ask_hand_over", "sorry", "thanks_5", "thanks_3"])
def test_sentences_are_short(name: str) -> None:
    text = say(name, ticket_no="T20261122000001", review_no="T20261122000002")
    assert len(text) <= 70
    assert "{" not in text
