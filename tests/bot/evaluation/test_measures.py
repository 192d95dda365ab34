"""The measures of understanding, on cases small enough to count by hand."""

from __future__ import annotations

import pytest

from bot.evaluation import measures
from bot.evaluation.measures import Judged


def judged(predicted: str, accepted: str) -> Judged:
    return Judged("话", predicted, tuple(accepted.split("|")))


def test_accuracy_accepts_any_of_the_right_names() -> None:
    rows = [judged("a", "a"), judged("b", "a|b"), judged("c", "a|b"), judged("c", "c")]
    assert measures.accuracy(rows) == 0.75


def test_precision_recall_and_f1_look_only_at_rows_with_one_right_name() -> None:
    rows = [
        judged("a", "a"),
        judged("b", "a"),
        judged("a", "b"),
        judged("b", "b"),
        judged("a", "a|b"),
    ]
    a, b = measures.scores(rows)
    assert (a.precision, a.recall, a.f1, a.support) == (0.5, 0.5, 0.5, 2)
    assert b.intent == "b"


def test_macro_f1_gives_a_rare_intent_the_same_weight() -> None:
    rows = [judged("a", "a")] * 9 + [judged("a", "b")]
    assert measures.macro_f1(rows) == pytest.approx((18 / 19 + 0) / 2)


def test_oos_recall_counts_chitchat_for_out_of_scope_and_the_other_way_round() -> None:
    rows = [
        judged("chitchat", "out_of_scope"),
        judged("out_of_scope", "chitchat|out_of_scope"),
        judged("greet", "chitchat"),
        judged("out_of_scope", "out_of_scope|greet"),
    ]
    assert measures.oos_recall(rows) == pytest.approx(2 / 3)


def test_false_reject_is_the_share_of_wishes_taken_for_out_of_scope() -> None:
    rows = [judged("out_of_scope", "a"), judged("a", "a"), judged("out_of_scope", "out_of_scope|a")]
    assert measures.false_reject(rows) == 0.5


def test_the_most_confused_pairs_come_first_and_right_ones_never() -> None:
    rows = [judged("b", "a")] * 2 + [judged("c", "a"), judged("a", "a")]
    assert measures.confused(rows) == [(("a", "b"), 2), (("a", "c"), 1)]


def test_nothing_to_judge_gives_zeros() -> None:
    assert measures.accuracy([]) == measures.macro_f1([]) == measures.percentile([], 0.5) == 0.0


def test_percentiles_are_values_that_occur() -> None:
    assert measures.percentile([5.0, 1.0, 3.0], 0.5) == 3.0
    assert measures.percentile([1.0, 2.0], 0.95) == 2.0


@pytest.mark.parametrize(
    ("count", "share", "value"), [(100, 0.95, 95), (100, 0.5, 50), (20, 0.95, 19), (1, 0.0, 1)]
)
def test_a_percentile_is_the_value_of_the_nearest_rank(
    count: int, share: float, value: float
) -> None:
    assert measures.percentile([float(each + 1) for each in range(count)], share) == value
