"""Evaluation files, good and bad."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.evaluation.rows import Row, UnreadableEvaluation, read_names, read_rows


def written(folder: Path, text: str) -> Path:
    path = folder / "rows.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_have_a_text_and_every_accepted_intent(tmp_path: Path) -> None:
    path = written(tmp_path, "text\tintents\n还没到\treport_delay|urge_delivery\n\n在吗\tgreet\n")
    assert read_rows(path) == [
        Row("还没到", ("report_delay", "urge_delivery")),
        Row("在吗", ("greet",)),
    ]


def test_a_quote_in_a_message_is_a_sign_like_any_other(tmp_path: Path) -> None:
    path = written(tmp_path, 'text\tintents\n"坏了\treport_damage\n')
    assert read_rows(path)[0].text == '"坏了'


def test_a_file_without_its_first_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableEvaluation, match="first line"):
        read_rows(written(tmp_path, "还没到\treport_delay\n"))


def test_a_row_without_an_intent_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UnreadableEvaluation, match=":3: "):
        read_rows(written(tmp_path, "text\tintents\n在吗\tgreet\n还没到\n"))


def test_names_are_a_map_of_ours_to_theirs(tmp_path: Path) -> None:
    path = tmp_path / "map.yml"
    path.write_text("cancel_order: intercept_or_return_parcel\n", encoding="utf-8")
    assert read_names(path) == {"cancel_order": "intercept_or_return_parcel"}


def test_a_file_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.tsv"
    path.write_bytes("text\tintents\n在吗\tgreet\n".encode("gbk"))
    with pytest.raises(UnreadableEvaluation, match="not UTF-8 at byte 13"):
        read_rows(path)


@pytest.mark.parametrize("inside", ["\u2028", "\x0b", "\x85", "\x1c"])
def test_only_the_ends_of_lines_end_a_row(tmp_path: Path, inside: str) -> None:
    path = written(tmp_path, f"text\tintents\r\n在{inside}吗\tgreet\r\n")
    assert read_rows(path) == [Row(f"在{inside}吗", ("greet",))]


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableEvaluation):
        read_rows(written(tmp_path, ""))


def test_a_byte_order_mark_and_more_columns_do_no_harm(tmp_path: Path) -> None:
    path = written(tmp_path, "\ufefftext\tintents\tsource\n在吗\tgreet|chitchat\tchat\n")
    assert read_rows(path) == [Row("在吗", ("greet", "chitchat"))]
