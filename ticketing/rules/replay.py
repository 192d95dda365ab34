"""What a version would have decided: yesterday's facts, tomorrow's table."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.errors import HouseError
from ticketing.rules import repository
from ticketing.rules.models import RuleEvaluation
from ticketing.rules.table import Outcome, Table, decide_table
from ticketing.rules.wording import fired_rows, in_sentences

BATCH, MAX_EVALUATIONS = 500, 50_000


@dataclass(frozen=True)
class Period:
    """From when to when; `after` is the evaluation a former replay stopped at."""

    since: datetime
    until: datetime
    after: tuple[datetime, int] | None = None


@dataclass(frozen=True)
class Difference:
    """A decision that would be another one; `problem` if there would be none."""

    evaluation: RuleEvaluation
    outputs: list[dict[str, Any]]
    sentences: list[str]
    problem: str | None = None


@dataclass
class Comparison:
    """How a table compares with what was decided; `has_more`: go on after `last`."""

    evaluated: int = 0
    different: int = 0
    failed: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    """How often each output would change."""
    differences: list[Difference] = field(default_factory=list)
    last: tuple[datetime, int] | None = None
    has_more: bool = False


async def replay(session: AsyncSession, table: Table, period: Period, limit: int) -> Comparison:
    """Ask a table again about the facts of a period; keep at most `limit` differences."""
    found = Comparison()
    async for evaluation in _evaluations(session, table.name, period):
        if found.evaluated == MAX_EVALUATIONS:
            found.has_more = True
            break
        found.evaluated += 1
        found.last = (evaluation.at, evaluation.id)
        _compare(found, table, evaluation, limit)
    return found


async def _evaluations(
    session: AsyncSession, table: str, period: Period
) -> AsyncIterator[RuleEvaluation]:
    after = period.after or (period.since, -1)
    while rows := await repository.evaluated(session, table, period.until, after, BATCH):
        for row in rows:
            yield row
        after = (rows[-1].at, rows[-1].id)


def _compare(found: Comparison, table: Table, evaluation: RuleEvaluation, limit: int) -> None:
    difference = _difference(table, evaluation)
    if difference is None:
        return
    found.different += 1
    found.failed += difference.problem is not None
    found.changes.update(_changed(evaluation.outputs, difference.outputs))
    if len(found.differences) < limit:
        found.differences.append(difference)


def _difference(table: Table, evaluation: RuleEvaluation) -> Difference | None:
    try:
        outcome: Outcome = decide_table(table, evaluation.facts)
    except HouseError as error:
        return Difference(evaluation, [], [], error.detail)
    outputs = list(outcome.outputs)
    if outputs == evaluation.outputs:
        return None
    return Difference(evaluation, outputs, in_sentences(fired_rows(outcome), outputs))


def _changed(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> set[str]:
    if len(before) != 1 or len(after) != 1:
        return {name for answer in (*before, *after) for name in answer}
    names = {*before[0], *after[0]}
    return {name for name in names if before[0].get(name) != after[0].get(name)}
