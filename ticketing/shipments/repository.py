"""Every SELECT of shipments."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.shipments.models import ScanRow, Shipment, ShipmentContact

_LABEL = text(
    "SELECT carrier_code, ARRAY(SELECT phone_tail FROM shipment_contacts AS contact"
    " WHERE contact.waybill_no = shipments.waybill_no) AS tails"
    " FROM shipments WHERE waybill_no = :waybill_no"
)


async def by_waybill_no(session: AsyncSession, waybill_no: str) -> Shipment | None:
    """Return a shipment as last heard of."""
    return await session.get(Shipment, waybill_no)


async def upsert(session: AsyncSession, values: dict[str, Any], keep: tuple[str, ...]) -> None:
    """Write a shipment; columns named in `keep` are left as they are when it exists."""
    statement = insert(Shipment).values(**values)
    changed = {k: v for k, v in values.items() if k not in {"waybill_no", "created_at", *keep}}
    await session.execute(
        statement.on_conflict_do_update(index_elements=["waybill_no"], set_=changed)
        if changed
        else statement.on_conflict_do_nothing()
    )


async def add_scans(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Add tracking events that are not there yet."""
    if rows:
        await session.execute(insert(ScanRow).values(rows).on_conflict_do_nothing())


async def scans(session: AsyncSession, waybill_no: str) -> Sequence[ScanRow]:
    """Return the tracking events of a waybill, oldest first."""
    found = await session.scalars(
        select(ScanRow).where(ScanRow.waybill_no == waybill_no).order_by(ScanRow.happened_at)
    )
    return found.all()


async def add_contacts(session: AsyncSession, waybill_no: str, tails: frozenset[str]) -> None:
    """Add phone digits that are on the label."""
    rows = [{"waybill_no": waybill_no, "phone_tail": tail} for tail in sorted(tails)]
    if rows:
        await session.execute(insert(ShipmentContact).values(rows).on_conflict_do_nothing())


async def label(session: AsyncSession, waybill_no: str) -> tuple[str | None, frozenset[str]]:
    """Return the carrier code known for a waybill, and the phone digits registered for it."""
    row = (await session.execute(_LABEL, {"waybill_no": waybill_no})).first()
    return (row.carrier_code, frozenset(row.tails)) if row else (None, frozenset())
