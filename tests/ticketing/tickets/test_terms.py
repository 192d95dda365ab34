"""What texts are found by, without a database."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketing.tickets.terms import MOST_CHARACTERS, MOST_TERMS, document, query

COMPLAINT = "快递外箱严重破损，里面的青花瓷杯子碎了三个，收件人王小明，电话13812345678"
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5), min_size=2, max_size=30)


def lexemes(text: str) -> dict[str, str]:
    """The lexemes of a document with their weights."""
    return dict(re.findall(r"'([^']*)':1(A?)", document([text])))


def terms(asked: str) -> list[str]:
    return (query(asked) or "").split(" & ")


def test_words_weigh_more_than_pairs_that_only_stand_together() -> None:
    found = lexemes(COMPLAINT)
    assert {found[word] for word in ("破损", "严重", "杯子", "青花瓷")} == {"A"}
    assert {found[pair] for pair in ("箱严", "重破", "子碎")} == {""}


@given(HAN)
def test_every_two_characters_that_stand_together_are_found(text: str) -> None:
    found = lexemes(text)
    for first, second in pairwise(text):
        assert first + second in found


@given(HAN, st.data())
@settings(max_examples=200)
def test_a_word_of_two_characters_is_looked_for_as_it_is(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    assert terms(text[start : start + 2]) == [f"'{text[start : start + 2]}'"]


def test_a_sentence_is_looked_for_by_its_words() -> None:
    assert terms("快递破损") == ["'快递'", "'破损'"]
    assert terms("快递 破损 快递") == ["'快递'", "'破损'"]


def test_what_is_quoted_must_stand_there_just_so() -> None:
    for asked in ('"外箱破损"', "“外箱破损”", "「外箱破损」"):
        assert terms(asked) == ["'外箱'", "'箱破'", "'破损'"]
    assert "箱破" not in "".join(terms("外箱破损"))


def test_a_single_character_finds_what_begins_with_it_and_what_ends_in_it() -> None:
    assert terms("碎") == ["'碎':*"]
    assert "碎" in lexemes("杯子碎")


def test_long_numbers_are_found_by_their_last_four_and_six_digits() -> None:
    found = lexemes(COMPLAINT)
    assert {"13812345678", "5678", "345678"} <= found.keys()
    assert "45678" not in found
    assert {"yt2700000000001", "2700000000001", "0001", "000001"} <= lexemes(
        "YT2700000000001"
    ).keys()


def test_numbers_are_looked_for_by_their_beginning_when_they_are_long_enough() -> None:
    assert terms("1381") == ["'1381':*"]
    assert terms("12") == ["'12'"]
    assert terms("ＹＴ２７") == ["'yt27':*"]


@pytest.mark.parametrize("asked", ["", "   ", "，。！", '"', "''", "&|!()", "😀", "\\"])
def test_what_has_no_word_asks_for_nothing(asked: str) -> None:
    assert query(asked) is None


@given(st.text(max_size=60))
def test_no_operator_of_whoever_asks_gets_into_the_query(asked: str) -> None:
    made = query(asked)
    assert made is None or re.fullmatch(r"'[^'\\]+'(:\*)?( & '[^'\\]+'(:\*)?)*", made)


def test_a_query_and_a_document_have_an_end() -> None:
    assert len(terms(" ".join(f"词语{n}号码{n}" for n in range(50)))) == MOST_TERMS
    assert len(document(["很长" * MOST_CHARACTERS])) < 100


def test_a_complaint_is_taken_apart_in_less_than_a_few_milliseconds() -> None:
    document([COMPLAINT])
    began = time.thread_time()
    for _ in range(50):
        document([COMPLAINT])
    assert (time.thread_time() - began) / 50 < 0.005
