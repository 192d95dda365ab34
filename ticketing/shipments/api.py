"""Parcels made known by shippers' systems."""

from __future__ import annotations

from fastapi import APIRouter

from ticketing.accounts.permissions import MayRegisterShipments
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, SessionDep, may_raise
from ticketing.shipments import service
from ticketing.shipments.schemas import RegisteredOut, ShipmentsIn
from ticketing.shipments.service import UnknownCarrierCode, WaybillNotPlausible

router = APIRouter(
    prefix="/api/shipments", tags=["shipments"], responses=may_raise(NotSignedIn, NotAllowed)
)


@router.post("", status_code=201, responses=may_raise(WaybillNotPlausible, UnknownCarrierCode))
async def register(
    body: ShipmentsIn, _caller: MayRegisterShipments, session: SessionDep, clock: ClockDep
) -> RegisteredOut:
    """Make parcels known before anybody asks, with the phone digits on their labels."""
    now = clock()
    codes = service.known_carriers(s.carrier_code for s in body.shipments if s.carrier_code)
    numbered = [(service.plausible_waybill_no(s.waybill_no), s) for s in body.shipments]
    for number, shipment in sorted(numbered, key=lambda pair: pair[0]):
        code = codes.get(shipment.carrier_code or "")
        await service.register(session, number, code, frozenset(shipment.phone_tails), now)
    return RegisteredOut(registered=len(body.shipments))
