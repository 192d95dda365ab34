"""Texts in one width and one script, every character in its place."""

from __future__ import annotations

import pytest

from bot.components.fingerprint import fingerprint_of
from bot.components.folded import folded
from bot.components.found import Found, overlaps
from bot.components.halfwidth import halfwidth


@pytest.mark.parametrize(
    ("written", "narrow"),
    [
        ("ＳＦ１２３４", "SF1234"),
        ("（到哪了？）", "(到哪了?)"),
        ("12\u2014345\u221267_8", "12-345-67-8"),
        ("a\u3000b\u00a0c\td", "a b c d"),
        ("快\u200b递", "快 递"),
        ("。、【】", "。、【】"),
        ("😀", "😀"),
    ],
)
def test_full_width_signs_become_half_width_ones(written: str, narrow: str) -> None:
    assert halfwidth(written) == narrow


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("我的快遞還沒到", "我的快递还没到"),
        ("順豐ＳＦ", "顺丰SF"),
        ("地址：臺北市", "地址:台北市"),
        ("后面", "后面"),
        ("", ""),
    ],
)
def test_traditional_signs_become_simplified_ones(written: str, read: str) -> None:
    assert folded(written) == read


@pytest.mark.parametrize(
    "text",
    [
        "",
        "遞" * 2000,
        "😀順豐😀",
        "\U00020000\U0002a6d6",
        "e\u0301遞",
        "ß㎏㈱",
        "\u2028\n\r\t",
        "乾隆乾淨",
    ],
)
def test_every_character_keeps_its_place(text: str) -> None:
    assert len(folded(text)) == len(halfwidth(text)) == len(text)


def test_folding_twice_changes_nothing() -> None:
    once = folded("請幫我查順豐ＳＦ１２３４５６７８９０１２３")
    assert folded(once) == once


@pytest.mark.parametrize(
    ("span", "taken", "expected"),
    [
        ((0, 3), [(2, 5)], True),
        ((2, 3), [(0, 9)], True),
        ((0, 2), [(2, 5)], False),
        ((5, 6), [(2, 5)], False),
        ((0, 9), [], False),
    ],
)
def test_spans_overlap_where_they_share_a_character(
    span: tuple[int, int], taken: list[tuple[int, int]], expected: bool
) -> None:
    assert overlaps(span, taken) is expected


def test_parts_are_told_only_where_there_are_some() -> None:
    bare = Found("item", "杯子", 0, 2).as_entity("X")
    made = Found("address", "杭州市", 0, 3, parts={"city": "杭州市"}).as_entity("X")
    assert "parts" not in bare
    assert (made["parts"], made["extractor"]) == ({"city": "杭州市"}, "X")


def test_a_fingerprint_knows_contents_and_names_and_bears_a_missing_file(tmp_path) -> None:  # type: ignore[no-untyped-def]
    one, other = tmp_path / "one.yml", tmp_path / "other.yml"
    seen = [fingerprint_of([str(one)])]
    for path, text in [(one, "a"), (one, "b"), (other, "b")]:
        path.write_text(text, encoding="utf-8")
        seen.append(fingerprint_of([str(path)]))
    assert len(set(seen)) == 4
    assert fingerprint_of([str(other)]) == seen[-1]
