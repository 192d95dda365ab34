"""A parcel for somebody who works here, asked of its carrier at once."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Path

from carriers.errors import CarrierError, PhoneTailRequired, PhoneTailWrong, WaybillUnknown
from carriers.errors import CarrierUnknown as NoSuchCarrier
from ticketing.accounts.permissions import MayHandleTickets
from ticketing.inbox.state import TrackerDep
from ticketing.inbox.tracking import full_view
from ticketing.kernel.errors import HouseError, NotAllowed, NotSignedIn
from ticketing.kernel.web import may_raise
from ticketing.shipments.service import WaybillNotPlausible, plausible_waybill_no
from ticketing.tickets.lookup import carrier_name

router = APIRouter(
    prefix="/api/shipments", tags=["shipments"], responses=may_raise(NotSignedIn, NotAllowed)
)


class UnknownShipment(HouseError):
    """No carrier knows the number."""

    status, code = 404, "unknown_shipment"

    def __init__(self) -> None:
        super().__init__("快递公司查不到这个运单号，请核对")


class PhoneTailNeeded(HouseError):
    """The carrier answers only with digits of a phone on the label, and none are registered."""

    status, code = 409, "phone_tail_needed"

    def __init__(self) -> None:
        super().__init__("这家快递需要收寄件人手机尾号，请先登记后再查")


class CarrierSilent(HouseError):
    """The carrier does not answer now."""

    status, code = 503, "carrier_silent"

    def __init__(self) -> None:
        super().__init__("快递公司暂时没有回应，请稍后再试")


_ANSWERS: dict[type[CarrierError], type[HouseError]] = {
    WaybillUnknown: UnknownShipment,
    NoSuchCarrier: UnknownShipment,
    PhoneTailRequired: PhoneTailNeeded,
    PhoneTailWrong: PhoneTailNeeded,
}


@router.get(
    "/{waybill_no}",
    responses=may_raise(UnknownShipment, PhoneTailNeeded, CarrierSilent, WaybillNotPlausible),
)
async def shipment(
    waybill_no: Annotated[str, Path(max_length=64)],
    _caller: MayHandleTickets,
    tracker: TrackerDep,
) -> dict[str, Any]:
    """Return a parcel with all its events, people masked."""
    number = plausible_waybill_no(waybill_no)
    try:
        result = await tracker.look(number)
    except CarrierError as error:
        raise _ANSWERS.get(type(error), CarrierSilent)() from error  # type: ignore[call-arg]
    return full_view(result, carrier_name(result.carrier_code))
