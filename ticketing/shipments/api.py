"""Parcels made known by shippers' systems, and marked by agents."""

from __future__ import annotations

from fastapi import APIRouter

from ticketing.accounts.permissions import MayRegisterShipments, MayTalkToCustomers
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, SessionDep, may_raise
from ticketing.shipments import service
from ticketing.shipments.schemas import RegisteredOut, ShipmentsIn, VipIn, VipOut
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
        tails = frozenset(shipment.phone_tails)
        await service.register(session, number, code, tails, now, vip=shipment.vip)
    return RegisteredOut(registered=len(body.shipments))


@router.put("/vip", responses=may_raise(WaybillNotPlausible))
async def mark(
    body: VipIn,
    _caller: MayTalkToCustomers,
    session: SessionDep,
    clock: ClockDep,
) -> VipOut:
    """Mark a parcel as that of an important customer, or not; for tickets opened from now on."""
    number = service.plausible_waybill_no(body.waybill_no)
    await service.register(session, number, None, frozenset(), clock(), vip=body.vip)
    return VipOut(waybill_no=number, vip=body.vip)
