"""Verbs of shipments: register, record what a carrier said, take a snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from carriers.catalog import Catalog, normalise_waybill_no
from carriers.tracking import TrackingResult
from ticketing.kernel.errors import HouseError
from ticketing.kernel.masking import mask
from ticketing.shipments import repository


class WaybillNotPlausible(HouseError):
    """A text that cannot be a waybill number."""

    status, code = 422, "waybill_not_plausible"

    def __init__(self) -> None:
        super().__init__("运单号应为 6 到 32 位字母或数字，请核对后再试")


def plausible_waybill_no(text: str) -> str:
    """Return the number normalised; raise `WaybillNotPlausible`."""
    number = normalise_waybill_no(text)
    if not (6 <= len(number) <= 32 and number.isascii() and number.isalnum()):
        raise WaybillNotPlausible
    return number


class UnknownCarrierCode(HouseError):
    """Codes that stand for no carrier of the catalogue."""

    status, code = 422, "unknown_carrier_code"

    def __init__(self, codes: list[str]) -> None:
        super().__init__(
            f"没有这个快递公司代码：{'、'.join(codes[:5])}，请核对后再试", carrier_codes=codes
        )


@cache
def catalog() -> Catalog:
    """Return the carriers there are."""
    return Catalog.load()


def known_carriers(codes: Iterable[str]) -> dict[str, str]:
    """Return our code for each given one (in any letter case); raise `UnknownCarrierCode`."""
    found = {code: catalog().by_code(code) for code in sorted(set(codes))}
    known = {code: carrier.code for code, carrier in found.items() if carrier}
    if unknown := sorted(found.keys() - known.keys()):
        raise UnknownCarrierCode(unknown)
    return known


async def register(
    session: AsyncSession,
    waybill_no: str,
    carrier_code: str | None,
    phone_tails: frozenset[str],
    now: datetime,
    *,
    vip: bool | None = None,
) -> None:
    """Make a parcel known before anybody asks, with the digits on its label.

    What is not said (`carrier_code`, `vip`) stays as it is.
    """
    values: dict[str, Any] = {"waybill_no": waybill_no, "created_at": now}
    if carrier_code:
        values["carrier_code"] = carrier_code
    if vip is not None:
        values["vip"] = vip
    await repository.upsert(session, values, keep=())
    await repository.add_contacts(session, waybill_no, phone_tails)


async def record(session: AsyncSession, result: TrackingResult, now: datetime) -> None:
    """Keep what a carrier said, unless this very answer is kept already."""
    known = await repository.by_waybill_no(session, result.waybill_no)
    if known is not None and known.checked_at == result.fetched_at:
        return
    if not result.events:
        # Nothing was scanned: the carrier may have been a guess, so nothing is kept of it.
        return
    values = {
        "waybill_no": result.waybill_no,
        "carrier_code": result.carrier_code,
        "status": str(result.status),
        "city": result.city,
        "eta": result.eta,
        "provider": result.provider,
        "checked_at": result.fetched_at,
        "created_at": now,
    }
    await repository.upsert(session, values, keep=())
    rows = {
        (event.happened_at, _digest(event.text)): {
            "waybill_no": result.waybill_no,
            "happened_at": event.happened_at,
            "text_digest": _digest(event.text),
            "place": event.place,
            "status": str(event.status),
            "text": event.text,
        }
        for event in result.events
    }
    await repository.add_scans(session, list(rows.values()))


async def label(session: AsyncSession, waybill_no: str) -> tuple[str | None, frozenset[str]]:
    """Return the carrier code and the phone digits known for a waybill, before it is asked for."""
    return await repository.label(session, waybill_no)


async def snapshot(session: AsyncSession, waybill_no: str | None) -> dict[str, Any]:
    """Return the shipment as last heard of, with its events, ready to be frozen in a ticket."""
    shipment = await repository.by_waybill_no(session, waybill_no) if waybill_no else None
    if waybill_no is None or shipment is None:
        return {"waybill_no": waybill_no, "carrier_code": None, "status": None, "events": []}
    events = [
        {
            "at": row.happened_at.isoformat(),
            "place": row.place,
            "status": row.status,
            "text": mask(row.text),
        }
        for row in await repository.scans(session, waybill_no)
    ]
    return {
        "waybill_no": waybill_no,
        "carrier_code": shipment.carrier_code,
        "status": shipment.status,
        "city": shipment.city,
        "checked_at": shipment.checked_at.isoformat() if shipment.checked_at else None,
        "events": events,
        **({"vip": True} if shipment.vip else {}),
    }


def _digest(text: str) -> str:
    return hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()
