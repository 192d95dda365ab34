"""The table on a terminal."""

from __future__ import annotations

from tests.bench.table import table, width


def test_a_chinese_character_is_two_columns_wide() -> None:
    assert (width("驿问 ok"), width("≤ 0.8 ×")) == (7, 7)


def test_columns_stand_under_each_other_in_both_scripts() -> None:
    head, rule, first, second = table(("项目", "值"), [("一轮", "1"), ("start", "22")]).split("\n")
    starts = {width(line[: line.index(cell)]) for line, cell in ((head, "值"), (first, "1"))}
    assert starts == {width("start  ")}
    assert second == "start  22"
    assert len(rule) == width("start  22")


def test_a_short_row_leaves_its_last_cells_empty() -> None:
    assert table(("a", "b"), [("only",)]).split("\n")[-1] == "only"
