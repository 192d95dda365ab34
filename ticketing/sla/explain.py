"""How a time limit came about, for people. No database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ticketing.kernel.clock import spoken
from ticketing.sla import holidays
from ticketing.sla.calendars import (
    Calendar,
    SpecialDay,
    business_between,
    special_days,
    unpublished_years,
)
from ticketing.sla.deadlines import Limit, Pause, counted

CLOCK_LABELS = {
    "claim": "受理",
    "first_response": "首次响应",
    "step": "步骤",
    "solution": "解决",
    "promise": "对客承诺",
    "confirmation": "客户确认",
    "timer": "流程定时",
}
_REASONS = {"waiting_customer": "等待客户", "waiting_carrier": "等待快递公司", "manual": "人工暂停"}
_FAR = timedelta(days=366)


@dataclass(frozen=True)
class Explanation:
    """The parts of a limit: what is used up, which pauses and special days lay in its way."""

    used_seconds: int
    remaining_seconds: int
    pauses: tuple[tuple[Pause, int], ...]
    """Each with the business seconds it took."""
    days: tuple[SpecialDay, ...]
    warnings: tuple[str, ...]
    text: str


def explain(limit: Limit, due_at: datetime | None, until: datetime) -> Explanation:
    """Return how a limit stands at `until`: now, or when its clock stopped."""
    used = counted(limit, until)
    end = min(due_at or until, limit.started_at + _FAR)
    pauses = tuple((each, _length(each, limit.calendar, until)) for each in limit.pauses)
    days = special_days(limit.started_at, end, limit.calendar)
    years = unpublished_years(limit.started_at, end, limit.calendar)
    parts = (
        f"{spoken(limit.started_at)}起{_duration(limit.target)}（日历：{limit.calendar.label}）",
        *(f"{_REASONS.get(p.reason, p.reason)}扣除{_seconds(length)}" for p, length in pauses),
        *(f"{d.day.month}月{d.day.day}日{d.why}{'上班' if d.works else '不计时'}" for d in days),
        f"到期 {spoken(due_at)}" if due_at else "暂停中，恢复后继续计时",
    )
    return Explanation(
        used // timedelta(seconds=1),
        (limit.target - used) // timedelta(seconds=1),
        pauses,
        days,
        (holidays.unpublished_notice(years),) if years else (),
        "；".join(parts),
    )


def _length(pause: Pause, calendar: Calendar, until: datetime) -> int:
    return business_between(pause.started_at, pause.ended_at or until, calendar)


def _seconds(seconds: int) -> str:
    return _duration(timedelta(seconds=seconds))


def _duration(length: timedelta) -> str:
    minutes = length // timedelta(minutes=1)
    hours, rest = divmod(minutes, 60)
    parts: Sequence[str] = [f"{hours}小时"] * bool(hours) + [f"{rest}分钟"] * bool(rest)
    return "".join(parts) or f"{length // timedelta(seconds=1)}秒"
