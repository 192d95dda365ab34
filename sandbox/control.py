"""The control doors: look at the parcels, push the clock, switch faults, count calls."""

from datetime import timedelta

from fastapi import APIRouter, status

from sandbox.errors import (
    CarrierNotInNetwork,
    ClockTooFarAhead,
    ControlError,
    ParcelUnknown,
    StateUnknown,
)
from sandbox.faults import Provider
from sandbox.network.scans import all_words
from sandbox.network.writing import all_styles
from sandbox.schemas import (
    AdvanceIn,
    ClockOut,
    FaultIn,
    FaultOut,
    ParcelOut,
    TallyOut,
    WholeParcelOut,
)
from sandbox.staging import TheWorld

router = APIRouter(tags=["control"])
FURTHEST_DAYS = 365
FAMILIES = {
    "customs": frozenset(word for word in all_words() if word.startswith("customs")),
}


@router.get("/healthz")
async def healthz(world: TheWorld) -> dict[str, str | int]:
    """Alive."""
    return {"status": "ok", "parcels": len(world.parcels), "seed": world.settings.seed}


@router.get("/shipments")
async def shipments(
    world: TheWorld, state: str | None = None, carrier: str | None = None
) -> list[ParcelOut]:
    """The parcels, of one state (`customs`: all of its kinds) and one carrier code if asked for."""
    now = world.clock.now()
    words = _wanted_words(state)
    code = _wanted_carrier(carrier)
    parcels = (p for p in world.parcels.values() if code in (None, p.carrier_code))
    return [ParcelOut.of(p, now) for p in parcels if p.condition(now).word in words]


@router.get("/shipments/{waybill_no}")
async def shipment(world: TheWorld, waybill_no: str) -> WholeParcelOut:
    """One parcel with all its events."""
    parcel = world.find(waybill_no)
    if parcel is None:
        raise ParcelUnknown(waybill_no)
    return WholeParcelOut.of(parcel, world.clock.now())


@router.get("/clock")
async def clock(world: TheWorld) -> ClockOut:
    """The simulated time."""
    return ClockOut.of(world.clock)


@router.post("/clock/advance")
async def advance(world: TheWorld, by: AdvanceIn) -> ClockOut:
    """Push the clock; parcels move on."""
    if not by.total_seconds:
        raise ControlError("请给出大于零的 days、hours、minutes 或 seconds")
    ahead = world.clock.advanced_by.total_seconds() + by.total_seconds
    if ahead > timedelta(days=FURTHEST_DAYS).total_seconds():
        raise ClockTooFarAhead(FURTHEST_DAYS)
    world.clock.advance(timedelta(seconds=by.total_seconds))
    return ClockOut.of(world.clock)


@router.get("/faults")
async def faults(world: TheWorld) -> list[FaultOut]:
    """The faults that are on."""
    return [FaultOut.of(fault) for fault in world.faults.listing()]


@router.post("/faults", status_code=status.HTTP_201_CREATED)
async def switch_on(world: TheWorld, wanted: FaultIn) -> list[FaultOut]:
    """Switch a fault on; the answer lists all that are on."""
    world.faults.put(wanted.fault())
    return await faults(world)


@router.delete("/faults")
async def switch_off(world: TheWorld) -> list[FaultOut]:
    """Switch every fault off."""
    world.faults.clear()
    return []


@router.get("/calls")
async def calls(world: TheWorld) -> dict[Provider, TallyOut]:
    """How often each provider was asked, by operation and by waybill."""
    return {p: TallyOut.model_validate(tally) for p, tally in world.calls.tallies.items()}


@router.delete("/calls")
async def forget_calls(world: TheWorld) -> dict[Provider, TallyOut]:
    """Set every counter to zero."""
    world.calls.clear()
    return await calls(world)


def _wanted_words(state: str | None) -> frozenset[str]:
    if not state:
        return frozenset(all_words())
    if state not in all_words():
        raise StateUnknown(state, all_words())
    return FAMILIES.get(state, frozenset({state}))


def _wanted_carrier(carrier: str | None) -> str | None:
    if not carrier:
        return None
    if carrier.upper() not in all_styles():
        raise CarrierNotInNetwork(carrier, tuple(all_styles()))
    return carrier.upper()
