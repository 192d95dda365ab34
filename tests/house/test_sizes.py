"""Small files, small functions, few comments, as many tests as source."""

from __future__ import annotations

from itertools import chain
from statistics import median

from tests.house.sources import (
    comments,
    files_of_tests,
    functions,
    line_count,
    name_of,
    source,
    with_suffix,
)

FILE_LIMIT, FILE_MEDIAN = 500, 100
FUNCTION_LIMIT, FUNCTION_MEDIAN = 60, 10
POSITIONAL_LIMIT = 5
COMMENT_SHARE = 0.04
# Table definitions written out once and never touched again.
WRITTEN_ONCE = "ticketing/migrations/versions/"


def test_no_file_is_longer_than_500_lines() -> None:
    written = with_suffix(".py", ".ts", ".vue", ".css", ".js")
    long = {name_of(path): line_count(path) for path in written if line_count(path) > FILE_LIMIT}
    assert long == {}


def test_the_median_file_has_100_lines_at_most() -> None:
    assert median(line_count(path) for path in source() if line_count(path)) <= FILE_MEDIAN


def test_no_function_is_longer_than_60_lines() -> None:
    measured = chain.from_iterable(functions(path) for path in (*source(), *files_of_tests()))
    long = [each for each in measured if each.lines > FUNCTION_LIMIT]
    assert [each for each in long if not each.where.startswith(WRITTEN_ONCE)] == []


def test_the_median_function_has_10_lines_at_most() -> None:
    assert median(each.lines for path in source() for each in functions(path)) <= FUNCTION_MEDIAN


def test_no_function_takes_more_than_5_positional_parameters() -> None:
    measured = chain.from_iterable(functions(path) for path in source())
    assert [each for each in measured if each.positional > POSITIONAL_LIMIT] == []


def test_at_most_4_percent_of_the_lines_are_comments() -> None:
    files = (*source(), *files_of_tests())
    share = sum(map(comments, files)) / sum(map(line_count, files))
    assert share <= COMMENT_SHARE


def test_there_is_a_line_of_test_for_every_line_of_source() -> None:
    written, tested = sum(map(line_count, source())), sum(map(line_count, files_of_tests()))
    assert tested >= written, f"{tested} lines of tests for {written} lines of source"
