"""Measures of predicted intents against accepted ones. Pure."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

OUT_OF_SCOPE = "out_of_scope"
BESIDE_THE_POINT = frozenset({OUT_OF_SCOPE, "chitchat"})


@dataclass(frozen=True)
class Judged:
    """One message: what was predicted, the names that are right, and how long it took."""

    text: str
    predicted: str
    accepted: tuple[str, ...]
    milliseconds: float = 0.0

    @property
    def is_right(self) -> bool:
        """Whether the prediction is one of the accepted names."""
        return self.predicted in self.accepted


@dataclass(frozen=True)
class Score:
    """Precision, recall, F1 (0 to 1) and the number of messages of one intent."""

    intent: str
    precision: float
    recall: float
    f1: float
    support: int


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def accuracy(judged: Sequence[Judged]) -> float:
    """The share of messages whose prediction is accepted."""
    return _share(sum(each.is_right for each in judged), len(judged))


def scores(judged: Sequence[Judged]) -> list[Score]:
    """One score for each intent that is the only right one of some message."""
    single = [each for each in judged if len(each.accepted) == 1]
    return [_score(intent, single) for intent in sorted({each.accepted[0] for each in single})]


def _score(intent: str, single: Sequence[Judged]) -> Score:
    hit = sum(each.predicted == intent == each.accepted[0] for each in single)
    predicted = sum(each.predicted == intent for each in single)
    support = sum(each.accepted[0] == intent for each in single)
    return Score(
        intent,
        _share(hit, predicted),
        _share(hit, support),
        _share(2 * hit, predicted + support),
        support,
    )


def macro_f1(judged: Sequence[Judged]) -> float:
    """The mean F1 over the intents, each counting the same."""
    found = scores(judged)
    return sum(score.f1 for score in found) / len(found) if found else 0.0


def oos_recall(judged: Sequence[Judged]) -> float:
    """Of the messages that are beside the point, the share that is taken for such."""
    beside = [each for each in judged if BESIDE_THE_POINT.issuperset(each.accepted)]
    return _share(sum(each.predicted in BESIDE_THE_POINT for each in beside), len(beside))


def false_reject(judged: Sequence[Judged]) -> float:
    """Of the messages with a wish, the share that is taken for out of scope."""
    wishes = [each for each in judged if BESIDE_THE_POINT.isdisjoint(each.accepted)]
    return _share(sum(each.predicted == OUT_OF_SCOPE for each in wishes), len(wishes))


def confused(judged: Sequence[Judged], most: int = 20) -> list[tuple[tuple[str, str], int]]:
    """The most frequent ((right, predicted), count); the first accepted name stands for all."""
    wrong = Counter((each.accepted[0], each.predicted) for each in judged if not each.is_right)
    return sorted(wrong.items(), key=lambda pair: (-pair[1], pair[0]))[:most]


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie, by the nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else 0.0
