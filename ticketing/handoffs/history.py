"""Writing down what happens in a hand-over, and what may never be forgotten about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.handoffs.models import Handoff, HandoffEvent
from ticketing.handoffs.texts import say
from ticketing.routing.choose import Verdict

ROUTING, BOT, CUSTOMER, CLOCK = "routing", "bot", "customer", "clock"


@dataclass(frozen=True)
class Happening:
    """What happened, by whom, to whom, and why."""

    what: str
    by: str
    to: str | None = None
    note: str | None = None
    why: str | None = None
    ranking: Sequence[Verdict] = ()


def record(session: AsyncSession, handoff: Handoff, happened: Happening, now: datetime) -> None:
    """Write down what happened; the hand-over has its number."""
    session.add(
        HandoffEvent(
            handoff_id=handoff.id,
            at=now,
            by=happened.by,
            what=happened.what,
            to=happened.to,
            note=happened.note or None,
            why=happened.why or None,
            ranking=[verdict.as_json() for verdict in happened.ranking],
        )
    )


def bar(handoff: Handoff, username: str, why: str, until: datetime) -> None:
    """Offer a hand-over to somebody no more before a time."""
    barred = {"why": say(f"why_{why}"), "until": until.isoformat()}
    handoff.not_to = {**handoff.not_to, username: barred}


def barred(handoff: Handoff, now: datetime) -> dict[str, str]:
    """Return who is not to be offered a hand-over now, and why."""
    return {who: row["why"] for who, row in handoff.not_to.items() if _is_barred(row, now)}


def _is_barred(row: dict[str, Any], now: datetime) -> bool:
    return now < datetime.fromisoformat(row["until"])


RESTS = {
    "lapsed": timedelta(minutes=1),
    "declined": timedelta(minutes=5),
    "lost": timedelta(minutes=1),
    "put_back": timedelta(minutes=5),
    "passed_on": timedelta(minutes=30),
}
"""How long somebody is not offered again what they did not take or keep."""
