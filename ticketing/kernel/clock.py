"""Time as an argument: rooms ask a clock, never the machine."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], datetime]

SHANGHAI = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """Return the current time, aware, UTC."""
    return datetime.now(UTC)


def spoken(at: datetime) -> str:
    """Return a time as customers read it, e.g. `11月22日 14:05` (Asia/Shanghai)."""
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
