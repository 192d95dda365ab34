"""Who gets a step, and why: pure. Everything it weighs is an argument."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

WEIGHTS: Mapping[str, int] = {"urgent": 3, "high": 2, "normal": 1, "low": 1}
"""How much of a person's capacity a ticket takes, by its priority."""


class Strategy(StrEnum):
    """How a queue picks among those who could take a step."""

    LAST_AGENT_FIRST = "last_agent_first"
    """Whoever handled the ticket, parcel or customer before; else the least loaded."""
    ROUND_ROBIN = "round_robin"
    LEAST_LOADED = "least_loaded"


class Status(StrEnum):
    """What somebody present says of themselves."""

    AVAILABLE = "available"
    BUSY = "busy"
    AWAY = "away"


class Handled(IntEnum):
    """What somebody has handled before; the closest comes first."""

    TICKET = 0
    PARCEL = 1
    CUSTOMER = 2


@dataclass(frozen=True, kw_only=True)
class Task:
    """What is to be given to somebody; `not_to` says who shall not have it, and why.

    `skill_label` is the word for the skill it takes.
    """

    weight: int
    skill: str | None = None
    skill_label: str = ""
    region: str | None = None
    vip: bool = False
    not_to: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """A member of a team as they stand now; no `regions` means every region.

    `used` is the weight of what they have in hand, `turn` grows with every step they are given.
    """

    username: str
    capacity: int
    used: int = 0
    skills: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    is_active: bool = True
    is_present: bool = True
    status: Status = Status.AVAILABLE
    turn: int = 0
    handled: Handled | None = None
    handled_at: datetime | None = None


@dataclass(frozen=True)
class Desk:
    """A queue with its team; `vip_reserve` is the capacity each keeps free for VIP tickets."""

    label: str
    strategy: Strategy
    candidates: Sequence[Candidate]
    vip_reserve: int = 0


@dataclass(frozen=True)
class Verdict:
    """Why somebody was taken or not."""

    username: str
    taken: bool
    why: str

    def as_json(self) -> dict[str, Any]:
        """Return the verdict as it is kept."""
        return {"username": self.username, "taken": self.taken, "why": self.why}


@dataclass(frozen=True)
class Choice:
    """Who gets a step, or nobody; `turn` is the winner's as it was weighed."""

    assignee: str | None
    why: str
    ranking: tuple[Verdict, ...]
    turn: int = 0


def weight_of(priority: str) -> int:
    """Return how much capacity a ticket of this priority takes."""
    return WEIGHTS.get(priority, 1)


def choose(task: Task, desks: Sequence[Desk]) -> Choice:
    """Choose from the first desk where anybody can take the task; later desks help out.

    Nobody can: the choice has no assignee and says why. The ranking names everybody looked at.
    """
    seen: tuple[Verdict, ...] = ()
    for number, desk in enumerate(desks):
        fit, unfit = _sorted_out(task, desk)
        if fit:
            helped = f"「{desks[0].label}」无人可接，由「{desk.label}」支援；" if number else ""
            return _taken(task, desk, fit, helped, (*seen, *unfit))
        seen = (*seen, *unfit)
    return Choice(None, _nobody(desks[0].label, seen), seen)


def _sorted_out(task: Task, desk: Desk) -> tuple[list[Candidate], tuple[Verdict, ...]]:
    reasons = [(c, _obstacle(task, c, desk.vip_reserve)) for c in desk.candidates]
    fit = [candidate for candidate, obstacle in reasons if obstacle is None]
    unfit = sorted((c.username, obstacle) for c, obstacle in reasons if obstacle is not None)
    order = _ORDERS[desk.strategy]
    return sorted(fit, key=order), tuple(Verdict(name, False, why) for name, why in unfit)


def _obstacle(task: Task, candidate: Candidate, vip_reserve: int) -> str | None:
    """Return why somebody cannot take a task, or None when they can."""
    return (
        _absence(candidate)
        or task.not_to.get(candidate.username)
        or _mismatch(task, candidate)
        or _fullness(task, candidate, vip_reserve)
    )


def _absence(candidate: Candidate) -> str | None:
    if not candidate.is_active:
        return "账号已停用"
    return _STATUS_REASONS.get(candidate.status) if candidate.is_present else "不在线"


def _mismatch(task: Task, candidate: Candidate) -> str | None:
    if task.skill and task.skill not in candidate.skills:
        return f"没有技能「{task.skill_label or task.skill}」"
    if task.region and candidate.regions and task.region not in candidate.regions:
        return f"不负责{task.region}"
    return None


def _fullness(task: Task, candidate: Candidate, vip_reserve: int) -> str | None:
    limit = candidate.capacity if task.vip else candidate.capacity - vip_reserve
    if candidate.used + task.weight <= limit:
        return None
    kept = f"（另留 {vip_reserve} 给 VIP）" if limit < candidate.capacity else ""
    return f"没有余量：在手 {candidate.used}，本单 {task.weight}，上限 {limit}{kept}"


def _taken(
    task: Task, desk: Desk, fit: Sequence[Candidate], helped: str, unfit: tuple[Verdict, ...]
) -> Choice:
    first = fit[0]
    in_hand = f"在手 {first.used + task.weight}/{first.capacity}"
    why = f"{helped}{first.username}：{_merit(desk, first)}，{in_hand}"
    winner = Verdict(first.username, True, _merit(desk, first))
    others = tuple(
        Verdict(c.username, False, f"可以接，排第 {place}（在手 {c.used}/{c.capacity}）")
        for place, c in enumerate(fit[1:], start=2)
    )
    return Choice(first.username, why, (winner, *others, *unfit), first.turn)


def _merit(desk: Desk, candidate: Candidate) -> str:
    if desk.strategy is Strategy.ROUND_ROBIN:
        return "轮到其接单"
    if desk.strategy is Strategy.LAST_AGENT_FIRST and candidate.handled is not None:
        return _HANDLED_REASONS[candidate.handled]
    return "在手最少"


def _nobody(label: str, seen: Sequence[Verdict]) -> str:
    if not seen:
        return f"「{label}」现在没有在线又有余量的人，排队等候"
    reasons = "；".join(f"{verdict.username} {verdict.why}" for verdict in seen[:5])
    more = f"，一共 {len(seen)} 人" if len(seen) > 5 else ""
    return f"「{label}」现在没有人能接（{reasons}{more}），排队等候"


def _by_load(candidate: Candidate) -> tuple[Any, ...]:
    return (candidate.used / candidate.capacity, candidate.turn, candidate.username)


def _by_turn(candidate: Candidate) -> tuple[Any, ...]:
    return (candidate.turn, candidate.username)


def _by_acquaintance(candidate: Candidate) -> tuple[Any, ...]:
    closeness = len(Handled) if candidate.handled is None else int(candidate.handled)
    latest = -candidate.handled_at.timestamp() if candidate.handled_at else 0.0
    return (closeness, latest, *_by_load(candidate))


_ORDERS: Mapping[Strategy, Callable[[Candidate], tuple[Any, ...]]] = {
    Strategy.LAST_AGENT_FIRST: _by_acquaintance,
    Strategy.ROUND_ROBIN: _by_turn,
    Strategy.LEAST_LOADED: _by_load,
}
_STATUS_REASONS: Mapping[Status, str] = {Status.BUSY: "忙碌中，不接新单", Status.AWAY: "暂时离开"}
_HANDLED_REASONS: Mapping[Handled, str] = {
    Handled.TICKET: "处理过这张工单",
    Handled.PARCEL: "处理过同一运单",
    Handled.CUSTOMER: "处理过同一客户",
}
