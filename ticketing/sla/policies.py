"""Who is promised what by when: a table of rules by kind and priority. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from ticketing.kernel.errors import HouseError

ANY: Literal["*"] = "*"
LONGEST = timedelta(days=90)

TargetName = Literal["claim", "first_response", "step", "solution", "promise", "confirmation"]
"""What is timed; `promise` is the solution as the customer was promised it: it never pauses."""
CalendarName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
StepName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Duration = Annotated[timedelta, Field(gt=timedelta(0), le=LONGEST)]
Before = Annotated[str, Field(pattern=r"^([1-9]\d?%|PT\d{1,4}[HMS]|P\d{1,2}D)$")]
"""A share of the target (`20%`), or business time (`PT30M`)."""

_DURATION: TypeAdapter[timedelta] = TypeAdapter(timedelta)


class PolicyRefused(HouseError):
    """A table of policies that cannot be followed."""

    status, code = 422, "policy_refused"

    def __init__(self, problem: str) -> None:
        super().__init__(f"时限策略不可用：{problem}", problem=problem)


class Escalation(BaseModel):
    """Who is told of a breach, and how much business time after it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    after: Annotated[timedelta, Field(ge=timedelta(0), le=LONGEST)] = timedelta(0)
    to: Literal["assignee", "lead", "manager"] = "assignee"


class PolicyRule(BaseModel):
    """One row; what it leaves out is taken from a less specific row.

    `calendars` name another calendar than the queue's for a target, `steps` a time for a step
    whose process allows none of its own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Annotated[str, Field(pattern=r"^(\*|[a-z][a-z_]{0,39})$")] = ANY
    priority: Literal["*", "low", "normal", "high", "urgent"] = ANY
    targets: dict[TargetName, Duration] = {}
    calendars: dict[TargetName, CalendarName] = {}
    steps: Annotated[dict[StepName, Duration], Field(max_length=50)] = {}
    warn_before: Before | None = None
    escalate: Annotated[tuple[Escalation, ...], Field(min_length=1, max_length=5)] | None = None

    @property
    def name(self) -> str:
        """How the row is referred to: `damage/*`."""
        return f"{self.kind}/{self.priority}"

    @property
    def rank(self) -> tuple[bool, bool]:
        """The more specific, the greater; a kind says more than a priority."""
        return self.kind != ANY, self.priority != ANY

    def holds(self, kind: str, priority: str) -> bool:
        """Tell whether the row is about such a ticket."""
        return self.kind in (ANY, kind) and self.priority in (ANY, priority)

    @model_validator(mode="after")
    def escalate_in_order(self) -> Self:
        """Refuse levels that would come before those below them."""
        delays = [level.after for level in self.escalate or ()]
        if delays != sorted(delays):
            raise ValueError("escalations must come one after the other")
        return self


@dataclass(frozen=True)
class Target:
    """How long something may take, on which calendar (None: the queue's), and which row says so."""

    allowed: timedelta
    calendar: str | None
    rule: str


@dataclass(frozen=True)
class Policy:
    """What holds for tickets of one kind and priority."""

    targets: Mapping[str, Target]
    steps: Mapping[str, Target]
    warn_before: str
    escalate: tuple[Escalation, ...]

    def for_step(self, step: str) -> Target | None:
        """Return the time for a step the process itself gives none."""
        return self.steps.get(step) or self.targets.get("step")

    def warning(self, target: timedelta) -> timedelta:
        """Return how long before its end a target warns; whole seconds."""
        if self.warn_before.endswith("%"):
            share = target * int(self.warn_before[:-1]) / 100
            return timedelta(seconds=share // timedelta(seconds=1))
        return _DURATION.validate_python(self.warn_before)


@dataclass(frozen=True)
class PolicyTable:
    """The rows of a version; version 0 is the shipped one."""

    version: int
    rules: tuple[PolicyRule, ...]

    def policy(self, kind: str, priority: str) -> Policy:
        """Return what holds for a ticket: of each thing, what the most specific row says."""
        rows = sorted((r for r in self.rules if r.holds(kind, priority)), key=lambda r: r.rank)
        targets: dict[str, Target] = {}
        steps: dict[str, Target] = {}
        calendars: dict[str, str] = {}
        warn_before = "20%"
        escalate: tuple[Escalation, ...] = (Escalation(),)
        for row in rows:
            calendars |= {str(n): c for n, c in row.calendars.items()}
            targets |= {n: Target(t, None, row.name) for n, t in row.targets.items()}
            steps |= {n: Target(t, None, row.name) for n, t in row.steps.items()}
            warn_before, escalate = row.warn_before or warn_before, row.escalate or escalate
        placed = {n: Target(t.allowed, calendars.get(n), t.rule) for n, t in targets.items()}
        own = {n: Target(t.allowed, calendars.get("step"), t.rule) for n, t in steps.items()}
        return Policy(placed, own, warn_before, escalate)


def checked(rules: Sequence[PolicyRule]) -> tuple[PolicyRule, ...]:
    """Return the rows if they can be followed; raise `PolicyRefused`."""
    names = [rule.name for rule in rules]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise PolicyRefused(f"{'、'.join(twice)} 重复")
    if f"{ANY}/{ANY}" not in names:
        raise PolicyRefused("缺少对所有工单生效的 */* 一行")
    return tuple(rules)


def rules_of(rows: Sequence[Mapping[str, Any]]) -> tuple[PolicyRule, ...]:
    """Return the rows of a file or a stored version."""
    return checked([PolicyRule.model_validate(row) for row in rows])
