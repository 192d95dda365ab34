"""What SMS vendors report of messages they took."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel import jobs
from ticketing.kernel.clock import Clock
from ticketing.kernel.db import Database
from ticketing.notifications import ledger
from ticketing.notifications.manners import State
from ticketing.notifications.models import Delivery

JOB = "match_receipt"
LOOKS = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=10))
"""How long to wait before each further look for the message a report is about."""
MOST_KEPT = 20
_OPEN_TO_REPORTS = frozenset({State.SENDING, State.SENT, State.FAILED, State.DEAD})

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Receipt:
    """One report: our reference where the vendor gives it back, its own number, its verdict."""

    reference: str
    provider_id: str
    is_delivered: bool
    code: str


async def take(session: AsyncSession, receipts: Sequence[Receipt], now: datetime) -> int:
    """Write reports down; return how many were about messages of ours.

    A report may come before our own call has returned, or instead of its answer: it settles
    then what nobody knew. The same report again changes nothing.
    """
    known = 0
    for receipt in receipts:
        if await _settled(session, receipt, now):
            known += 1
        elif receipt.provider_id:
            await _look_again(session, receipt, 0, now)
    _log.info("receipts_taken", count=len(receipts), known=known)
    return known


async def match(db: Database, clock: Clock, **args: Any) -> None:
    """Match a report that came before we knew the vendor's number; give up after a while."""
    now, receipt = clock(), Receipt(**args["receipt"])
    async with db.transaction() as session:
        if not await _settled(session, receipt, now):
            await _look_again(session, receipt, args["looks"] + 1, now)


async def _look_again(session: AsyncSession, receipt: Receipt, looks: int, now: datetime) -> None:
    if looks < len(LOOKS):
        args = {"receipt": asdict(receipt), "looks": looks}
        await jobs.defer(session, JOB, args, at=now + LOOKS[looks])


async def _settled(session: AsyncSession, receipt: Receipt, now: datetime) -> bool:
    reference = _uuid(receipt.reference)
    if reference is None and not receipt.provider_id:
        return False
    delivery = await ledger.reported(session, reference, receipt.provider_id)
    if delivery is None:
        return False
    _settle(delivery, receipt, now)
    return True


def _settle(delivery: Delivery, receipt: Receipt, now: datetime) -> None:
    line = {"delivered": receipt.is_delivered, "code": receipt.code}
    if any({k: kept[k] for k in line} == line for kept in delivery.receipts):
        return
    kept = [*delivery.receipts, {**line, "at": now.isoformat()}]
    delivery.receipts = kept[-MOST_KEPT:]
    delivery.updated_at = now
    if delivery.state not in _OPEN_TO_REPORTS:
        return
    delivery.state = State.DELIVERED if receipt.is_delivered else State.FAILED
    delivery.last_error = None if receipt.is_delivered else f"report:{receipt.code}"
    delivery.provider_id = delivery.provider_id or receipt.provider_id or None
    delivery.sent_at = delivery.sent_at or now


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
