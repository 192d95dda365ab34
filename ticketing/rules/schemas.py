"""What crosses the wire about rules."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from ticketing.kernel.paging import BadCursor, decode_cursor, encode_cursor
from ticketing.kernel.texts import clean
from ticketing.rules.catalog import KnownFact, fact_label, words_for
from ticketing.rules.keeping import Received
from ticketing.rules.models import RuleEvaluation, RuleVersion
from ticketing.rules.replay import Comparison, Difference, Period
from ticketing.rules.shipped import shipped
from ticketing.rules.table import Outcome, Rule, Table
from ticketing.rules.wording import fired_rows, in_sentences, table_label, worded

DEFAULT_PERIOD = timedelta(days=30)

FactName = Annotated[str, Field(pattern=r"^[a-z][a-z_]{0,39}$")]
FactIn = (
    bool
    | Annotated[int, Field(ge=-(10**15), le=10**15)]
    | Annotated[float, Field(allow_inf_nan=False)]
    | Annotated[str, Field(max_length=500), AfterValidator(clean)]
    | None
)
Note = Annotated[str, Field(max_length=200), AfterValidator(clean)]
Cursor = Annotated[str | None, Field(max_length=200)]


class FactOut(BaseModel):
    """A fact rules may look at."""

    name: str
    label: str
    type: str
    values: dict[str, str]

    @classmethod
    def of(cls, fact: KnownFact) -> Self:
        """Return a known fact as it crosses the wire."""
        own = {"name": fact.name, "label": fact.label, "type": fact.type}
        return cls.model_validate({**own, "values": dict(fact.values)})


class TableOut(BaseModel):
    """A table and its version in force; `activated_at` is null for the shipped one."""

    name: str
    label: str
    hit_policy: str
    version: str
    rules: int
    activated_by: str | None
    activated_at: datetime | None

    @classmethod
    def of(cls, table: Table, row: RuleVersion | None) -> Self:
        """Return a table as it crosses the wire."""
        in_force = row if row is not None and row.version == table.version else None
        return cls(
            name=table.name,
            label=table.label,
            hit_policy=f"{table.hit_policy} {table.aggregation}".strip(),
            version=table.version,
            rules=len(table.rules),
            activated_by=in_force.activated_by if in_force else None,
            activated_at=in_force.activated_at if in_force else None,
        )


class ColumnOut(BaseModel):
    """A column; `values` are the words for what stands in it."""

    label: str
    name: str
    type: str
    values: dict[str, str]


class RuleOut(BaseModel):
    """A row of the table: the cells as written, and when it fires in words."""

    id: str
    row: int
    cells: list[str]
    answers: list[str]
    when: str
    note: str

    @classmethod
    def of(cls, table: Table, rule: Rule) -> Self:
        """Return a rule as it crosses the wire."""
        cells = ["-"] * len(table.inputs)
        for place, test in rule.tests:
            cells[place] = test.text
        answers = [answer.text if answer else "" for answer in rule.answers]
        own = {"id": rule.id, "row": rule.number, "when": rule.words, "note": rule.note}
        return cls.model_validate({**own, "cells": cells, "answers": answers})


class SheetOut(BaseModel):
    """A table as JSON."""

    name: str
    label: str
    version: str
    hit_policy: str
    inputs: list[ColumnOut]
    outputs: list[ColumnOut]
    rules: list[RuleOut]

    @classmethod
    def of(cls, table: Table) -> Self:
        """Return a table whole."""
        inputs = ((c.label, c.expression.text, c.type) for c in table.inputs)
        outputs = ((o.label, o.name, o.type) for o in table.outputs)
        return cls(
            name=table.name,
            label=table.label,
            version=table.version,
            hit_policy=f"{table.hit_policy} {table.aggregation}".strip(),
            inputs=_columns(inputs),
            outputs=_columns(outputs),
            rules=[RuleOut.of(table, rule) for rule in table.rules],
        )


class VersionOut(BaseModel):
    """A version of a table: who brought it, whether it is in force."""

    version: str
    note: str
    uploaded_by: str
    uploaded_at: datetime
    active: bool
    activated_by: str | None
    activated_at: datetime | None

    @classmethod
    def of(cls, row: RuleVersion) -> Self:
        """Return a version as it crosses the wire."""
        return cls.model_validate(row, from_attributes=True)


class TableDetailOut(SheetOut):
    """A table in force, the version that came with the product, and the uploaded ones."""

    shipped_version: str
    versions: list[VersionOut]

    @classmethod
    def whole(cls, table: Table, versions: Sequence[RuleVersion]) -> Self:
        """Return a table in force with every version."""
        return cls(
            **SheetOut.of(table).model_dump(),
            shipped_version=shipped()[table.name].version,
            versions=[VersionOut.of(row) for row in versions],
        )


class ReceivedOut(BaseModel):
    """A version that was checked and kept; it is not in force yet."""

    table: str
    version: str
    warnings: list[str]

    @classmethod
    def of(cls, received: Received) -> Self:
        """Return a received version as it crosses the wire."""
        table = received.table
        return cls(table=table.name, version=table.version, warnings=received.warnings)


class TryIn(BaseModel):
    """Facts to try a table with; without `version` the one in force."""

    facts: Annotated[dict[FactName, FactIn], Field(max_length=60)]
    version: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")] | None = None


class FiredOut(BaseModel):
    """A rule that fired, in words."""

    rule: str
    row: int
    sentence: str


class TriedOut(BaseModel):
    """What a table would say."""

    version: str
    outputs: list[dict[str, Any]]
    fired: list[FiredOut]

    @classmethod
    def of(cls, table: Table, outcome: Outcome) -> Self:
        """Return an outcome as it crosses the wire."""
        outputs = list(outcome.outputs)
        fired = _fired(fired_rows(outcome), outputs)
        return cls(version=table.version, outputs=outputs, fired=fired)


class ActivateIn(BaseModel):
    """The version that is in force as far as the manager knows."""

    replaces: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]


class EvaluationsIn(BaseModel):
    """Whose decisions are wanted."""

    subject: Annotated[str, Field(pattern=r"^[A-Za-z0-9_:-]{1,64}$")]
    table: FactName | None = None
    cursor: Cursor = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50

    def before(self) -> int | None:
        """Return the id the page ends before; raise `BadCursor`."""
        return place_of(self.cursor)[1] if self.cursor else None


class UsedFactOut(BaseModel):
    """A fact the decision knew; `used`: the table looks at it."""

    name: str
    label: str
    value: Any
    words: str
    used: bool


class EvaluationOut(BaseModel):
    """One decision: which table, why, from which facts."""

    id: int
    subject: str | None
    table: str
    table_label: str
    version: str
    at: datetime
    outputs: list[dict[str, Any]]
    fired: list[FiredOut]
    facts: list[UsedFactOut]

    @classmethod
    def of(cls, row: RuleEvaluation, names: frozenset[str] | None) -> Self:
        """Return an evaluation as it crosses the wire; `names` are the facts of its version."""
        facts = [
            UsedFactOut(
                name=name,
                label=fact_label(name),
                value=value,
                words=worded(name, value),
                used=names is None or name in names,
            )
            for name, value in sorted(row.facts.items())
        ]
        return cls(
            id=row.id,
            subject=row.subject,
            table=row.table_name,
            table_label=table_label(row.table_name),
            version=row.version,
            at=row.at,
            outputs=row.outputs,
            fired=_fired(row.fired, row.outputs),
            facts=facts,
        )


class EvaluationPageOut(BaseModel):
    """Decisions about a subject, newest first."""

    evaluations: list[EvaluationOut]
    next_cursor: str | None


class ReplayIn(BaseModel):
    """Which decisions are asked again (default: the last 30 days), and how many are listed."""

    since: AwareDatetime | None = None
    until: AwareDatetime | None = None
    cursor: Cursor = None
    limit: Annotated[int, Field(ge=0, le=200)] = 50

    def period(self, now: datetime) -> Period:
        """Return the period; raise `BadCursor`."""
        since = self.since or (self.until or now) - DEFAULT_PERIOD
        after = place_of(self.cursor) if self.cursor else None
        return Period(since, self.until or now, after)


class DifferenceOut(BaseModel):
    """A decision that would be another one."""

    evaluation_id: int
    subject: str | None
    at: datetime
    before: list[dict[str, Any]]
    after: list[dict[str, Any]]
    before_sentences: list[str]
    after_sentences: list[str]
    problem: str | None

    @classmethod
    def of(cls, difference: Difference) -> Self:
        """Return a difference as it crosses the wire."""
        row = difference.evaluation
        return cls(
            evaluation_id=row.id,
            subject=row.subject,
            at=row.at,
            before=row.outputs,
            after=difference.outputs,
            before_sentences=in_sentences(row.fired, row.outputs),
            after_sentences=difference.sentences,
            problem=difference.problem,
        )


class ComparisonOut(BaseModel):
    """What would differ; `next_cursor` goes on where 50,000 evaluations ended."""

    evaluated: int
    different: int
    failed: int
    changes: dict[str, int]
    differences: list[DifferenceOut]
    next_cursor: str | None

    @classmethod
    def of(cls, found: Comparison) -> Self:
        """Return a comparison as it crosses the wire."""
        stopped = found.last if found.has_more else None
        return cls(
            evaluated=found.evaluated,
            different=found.different,
            failed=found.failed,
            changes=dict(found.changes),
            differences=[DifferenceOut.of(difference) for difference in found.differences],
            next_cursor=encode_cursor(stopped[0], str(stopped[1])) if stopped else None,
        )


def place_of(cursor: str) -> tuple[datetime, int]:
    """Return the time and id a cursor stands for; raise `BadCursor`."""
    at, key = decode_cursor(cursor)
    if not (key.isascii() and key.isdigit() and len(key) <= 18):
        raise BadCursor
    return at, int(key)


def _columns(columns: Iterable[tuple[str, str, str]]) -> list[ColumnOut]:
    return [
        ColumnOut(label=label, name=name, type=kind, values=dict(words_for(name)))
        for label, name, kind in columns
    ]


def _fired(rows: list[Mapping[str, Any]] | list[Any], outputs: list[Any]) -> list[FiredOut]:
    sentences = in_sentences(rows, outputs)
    return [
        FiredOut(rule=row["rule"], row=row["row"], sentence=sentence)
        for row, sentence in zip(rows, sentences, strict=False)
    ]
