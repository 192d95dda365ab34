"""How the answer to a look at a parcel is told."""

from collections.abc import Iterable
from dataclasses import dataclass

from actions.backend import Backend
from actions.backend_answers import Disclosure, ShipmentSeen, TrackAnswer, TrackOutcome
from actions.backend_errors import BackendTimeout
from actions.cards import local_time, parcel_card
from actions.offers import NEWS, PERSON, offering
from actions.reply import Reply, remember, say
from actions.turn import Turn

# What is known of the digits: accepted, not given, or given while nobody could check them.
SHOWN, REFUSED, CLAIMED = "shown", "refused", "claimed"

RESPONSES = {
    TrackOutcome.NEED_PHONE_TAIL: "say_track_need_digits",
    TrackOutcome.WRONG_PHONE_TAIL: "say_digits_wrong",
    TrackOutcome.TOO_MANY_TRIES: "say_digits_too_many",
    TrackOutcome.UNKNOWN_WAYBILL: "say_track_unknown_waybill",
    TrackOutcome.UNKNOWN_CARRIER: "say_track_unknown_carrier",
    TrackOutcome.NO_EVENTS: "say_track_no_events",
    TrackOutcome.CARRIER_DOWN: "say_track_carrier_down",
    TrackOutcome.SLOW: "say_track_slow",
}
OFFERS = {
    TrackOutcome.CARRIER_DOWN: NEWS,
    TrackOutcome.SLOW: NEWS,
    TrackOutcome.NO_EVENTS: NEWS,
    TrackOutcome.TOO_MANY_TRIES: PERSON,
}


@dataclass(frozen=True)
class News:
    """What to tell about one parcel, and whether the last four digits would tell more."""

    waybill_no: str
    reply: Reply
    outcome: TrackOutcome
    wants_digits: bool = False
    shown: bool = False


async def look(
    turn: Turn, backend: Backend, waybill_no: str, digits: str | None = None
) -> TrackAnswer:
    """Ask ticketing; no answer in time is `slow`. Raises BackendError for everything else."""
    try:
        return await backend.track(turn.asked, waybill_no, digits)
    except BackendTimeout:
        return TrackAnswer(outcome=TrackOutcome.SLOW)


def proof_of(turn: Turn, waybill_no: str | None) -> str | None:
    """Whether the digits of this parcel were shown or refused in this conversation."""
    return (turn.slot("proofs") or {}).get(waybill_no)


def remember_proofs(turn: Turn, waybills: Iterable[str], proof: str) -> Reply:
    """Remember the proof of these parcels beside those already known."""
    known = turn.slot("proofs") or {}
    return remember(proofs={**known, **dict.fromkeys(waybills, proof)})


def tell(turn: Turn, waybill_no: str, answer: TrackAnswer) -> News:
    """Put an answer into words."""
    if answer.outcome is TrackOutcome.FOUND and answer.shipment is not None:
        return _found(waybill_no, answer.shipment, answer.disclosure)
    response = RESPONSES.get(answer.outcome, "say_track_no_events")
    reply = say(response, waybill_no=waybill_no, tries_left=answer.tries_left or 0)
    if what := OFFERS.get(answer.outcome):
        reply += offering(turn, what)
    wants = answer.outcome in {TrackOutcome.NEED_PHONE_TAIL, TrackOutcome.WRONG_PHONE_TAIL}
    return News(waybill_no, reply, answer.outcome, wants_digits=wants)


def _found(waybill_no: str, shipment: ShipmentSeen, disclosure: Disclosure) -> News:
    if disclosure is Disclosure.FULL:
        return News(waybill_no, _whole(shipment), TrackOutcome.FOUND, shown=True)
    response = "say_track_city" if shipment.city else "say_track_state"
    reply = say(
        response,
        waybill_no=shipment.waybill_no,
        carrier_name=shipment.carrier_name,
        status_label=shipment.status_label,
        city=shipment.city or "",
    )
    return News(waybill_no, reply, TrackOutcome.FOUND, wants_digits=True)


def _whole(shipment: ShipmentSeen) -> Reply:
    last = shipment.last_event or (shipment.events[0] if shipment.events else None)
    eta = shipment.eta if not shipment.is_final else None
    return say(
        _response_for(shipment, has_scan=last is not None, has_eta=eta is not None),
        card=parcel_card(shipment, Disclosure.FULL),
        waybill_no=shipment.waybill_no,
        carrier_name=shipment.carrier_name,
        status_label=shipment.status_label,
        last_at=local_time(last.at) if last else "",
        last_place=last.place if last else "",
        last_text=last.text if last else "",
        eta_at=local_time(eta) if eta else "",
    )


def _response_for(shipment: ShipmentSeen, *, has_scan: bool, has_eta: bool) -> str:
    choices = (
        (not has_scan, "say_track_full_bare"),
        (shipment.is_final, "say_track_full_final"),
        (shipment.is_problem, "say_track_full_problem"),
        (has_eta, "say_track_full_eta"),
    )
    return next((response for fits, response in choices if fits), "say_track_full")
