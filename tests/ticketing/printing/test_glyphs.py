"""What the fonts lack is seen to be missing, and nothing crashes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.printing.glyphs import GETA, coverage, printable


def test_the_fonts_have_what_chinese_papers_need() -> None:
    needed = "尊敬的客户，您好！￥168.50（人民币壹佰陆拾捌元伍角整）√—…“”《》·№①〓"
    assert {c for c in needed if ord(c) not in coverage()} == set()


def test_a_rare_character_that_the_fonts_have_is_printed() -> None:
    assert printable("张䶮先生") == "张䶮先生"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("𠮷野家", "〓野家"),
        ("谢谢😀", "谢谢〓"),
        ("👨‍👩‍👧一家", "〓一家"),
        ("👍🏽", "〓"),
        ("❤️", "〓" if ord("❤") not in coverage() else "❤"),
        ("🇨🇳", "〓〓"),
    ],
)
def test_what_the_fonts_lack_becomes_a_geta(written: str, shown: str) -> None:
    assert printable(written) == shown


def test_unseen_marks_are_left_out() -> None:
    assert printable("左\u200b右\u202e反\ufeff") == "左右反"


def test_lines_are_kept() -> None:
    assert printable("一\n二\t三") == "一\n二 三"


def test_an_endless_word_may_be_broken() -> None:
    assert "\u200b" in printable("x" * 60)
    assert "\u200b" not in printable("SF1234567890123 https://a.cn")


@given(st.text())
def test_whatever_is_written_only_printable_characters_remain(text: str) -> None:
    shown = printable(text)
    assert all(c in "\n\u200b" or ord(c) in coverage() for c in shown)


@given(st.text(alphabet="快递单号损坏赔付，。123ABC", max_size=20))
def test_ordinary_words_are_printed_as_they_are(text: str) -> None:
    assert printable(text) == text


def test_a_geta_that_was_written_stays() -> None:
    assert printable(GETA) == GETA
