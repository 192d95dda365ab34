"""Decide by the tables in force, and keep why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.cache import FOR_EVER, remembered
from ticketing.rules import repository
from ticketing.rules.catalog import RuleTableUnknown, purpose
from ticketing.rules.dmn import RulesInvalid
from ticketing.rules.loading import load_table
from ticketing.rules.models import RuleEvaluation
from ticketing.rules.shipped import shipped, shipped_source
from ticketing.rules.table import Table, decide_table, plain
from ticketing.rules.wording import fired_rows, in_sentences

ACTIVE = "rules.active"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Decision:
    """What a table said: `outputs` are ready for JSON, `fired` are rule ids."""

    table: str
    version: str
    outputs: tuple[dict[str, Any], ...]
    fired: tuple[str, ...]
    evaluation: RuleEvaluation

    @property
    def first(self) -> dict[str, Any]:
        """The first output; empty when no rule fired."""
        return self.outputs[0] if self.outputs else {}

    @property
    def evaluation_id(self) -> int | None:
        """The id of the stored evaluation; None until the session has been flushed."""
        return self.evaluation.id

    @property
    def why(self) -> list[str]:
        """A Chinese sentence for each rule that fired."""
        return in_sentences(self.evaluation.fired, self.outputs)


async def decide(
    session: AsyncSession,
    table: str,
    facts: Mapping[str, Any],
    *,
    subject: str | None,
    now: datetime,
) -> Decision:
    """Ask the version in force, and keep the evaluation; raises what `ask` raises."""
    decision = await ask(session, table, facts, now)
    keep(session, decision, subject)
    return decision


def keep(session: AsyncSession, decision: Decision, subject: str | None) -> None:
    """Keep an evaluation: what it was about is known by now."""
    decision.evaluation.subject = subject
    session.add(decision.evaluation)


async def keep_new(session: AsyncSession, decisions: Sequence[Decision], subject: str) -> None:
    """Keep the evaluations that are not kept yet for a subject.

    One is when the same version was asked the same: facts its table does not look at may differ.
    """
    if not await _unkept(session, decisions, subject):
        return
    await repository.lock(session, subject)
    for decision in await _unkept(session, decisions, subject):
        keep(session, decision, subject)
    await session.flush()


async def _unkept(
    session: AsyncSession, decisions: Sequence[Decision], subject: str
) -> list[Decision]:
    unkept: list[Decision] = []
    for decision in decisions:
        names = (await version(session, decision.table, decision.version)).names
        asked = {name: decision.evaluation.facts.get(name) for name in names}
        is_kept = await repository.is_kept(
            session, subject, decision.table, decision.version, asked
        )
        if not is_kept:
            unkept.append(decision)
    return unkept


async def ask(
    session: AsyncSession, table: str, facts: Mapping[str, Any], now: datetime
) -> Decision:
    """Ask the version in force; nothing is kept before `keep`.

    Raises `RuleTableUnknown`, `RulesOverlap` where only one rule may fire,
    `ExpressionFailed` when a fact is of a kind the rules can do nothing with.
    """
    in_force = await table_in_force(session, table)
    outcome = decide_table(in_force, facts)
    evaluation = RuleEvaluation(
        table_name=table,
        version=in_force.version,
        facts={name: plain(fact) for name, fact in facts.items() if fact is not None},
        outputs=list(outcome.outputs),
        fired=fired_rows(outcome),
        at=now,
    )
    fired = tuple(rule.id for rule in outcome.fired)
    return Decision(table, in_force.version, outcome.outputs, fired, evaluation)


async def tables(session: AsyncSession) -> Mapping[str, Table]:
    """Return every table in the version in force, by name; remembered shortly."""
    return await remembered(session, ACTIVE, _tables_in_force)


async def table_in_force(session: AsyncSession, name: str) -> Table:
    """Return a table in the version in force; raise `RuleTableUnknown`."""
    return (await tables(session))[purpose(name).name]


async def evaluations(
    session: AsyncSession, subject: str, table: str | None, before: int | None, limit: int
) -> Sequence[RuleEvaluation]:
    """Return what was decided about a subject, newest first."""
    return await repository.evaluations(session, subject, table, before, limit)


async def names_of(session: AsyncSession, evaluation: RuleEvaluation) -> frozenset[str] | None:
    """Return the facts an evaluation's table looks at; None if that version is gone."""
    try:
        return (await version(session, evaluation.table_name, evaluation.version)).names
    except (RuleTableUnknown, RulesInvalid):
        return None


async def version(session: AsyncSession, table: str, wanted: str) -> Table:
    """Return a table in some version; raise `RuleTableUnknown`. Remembered for ever."""

    async def load(_session: AsyncSession) -> Table:
        return load_table(table, await source(session, table, wanted))

    return await remembered(session, f"rules.{table}.{wanted}", load, FOR_EVER)


async def source(session: AsyncSession, table: str, wanted: str) -> bytes:
    """Return the file of a version, byte for byte; raise `RuleTableUnknown`."""
    if shipped()[purpose(table).name].version == wanted:
        return shipped_source(table)
    found = await repository.source(session, table, wanted)
    if found is None:
        raise RuleTableUnknown(table, wanted)
    return found


async def _tables_in_force(session: AsyncSession) -> Mapping[str, Table]:
    in_force = dict(shipped())
    for table, active in (await repository.active_versions(session)).items():
        try:
            in_force[table] = await version(session, table, active)
        except (RulesInvalid, RuleTableUnknown) as error:
            # Written for another release: decisions go on by the table that came with this one.
            _log.error("rule_version_unusable", table=table, version=active, code=error.code)
    return in_force
