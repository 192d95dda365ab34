"""How the answer to a look at a parcel is told."""

from collections.abc import Mapping
from dataclasses import dataclass

from actions.backend import Backend
from actions.backend_answers import Disclosure, ShipmentSeen, TrackAnswer, TrackOutcome
from actions.backend_errors import BackendTimeout
from actions.cards import local_time, parcel_card
from actions.offers import PERSON, digits_kept, offering, offering_news
from actions.reply import Reply, remember, say
from actions.turn import Turn

# What is known of the digits: accepted, not given, given while nobody could check them now, or
# given for a parcel whose digits nobody can ever check.
SHOWN, REFUSED, CLAIMED, UNCHECKABLE = "shown", "refused", "claimed", "uncheckable"

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
NEWS_LATER = {TrackOutcome.CARRIER_DOWN, TrackOutcome.SLOW, TrackOutcome.NO_EVENTS}


@dataclass(frozen=True)
class News:
    """What to tell about one parcel; whether the digits would tell more; what is known of them."""

    waybill_no: str
    reply: Reply
    outcome: TrackOutcome
    wants_digits: bool = False
    proof: str | None = None


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


def remember_proofs(turn: Turn, proofs: Mapping[str, str]) -> Reply:
    """Remember the proofs of these parcels beside those already known."""
    return remember(proofs={**(turn.slot("proofs") or {}), **proofs}) if proofs else Reply()


def tell(turn: Turn, waybill_no: str, answer: TrackAnswer, digits: str | None = None) -> News:
    """Put an answer into words; `digits` are those it was asked with."""
    if answer.outcome is TrackOutcome.FOUND and answer.shipment is not None:
        return _found(turn, answer, answer.shipment)
    response = RESPONSES.get(answer.outcome, "say_track_no_events")
    reply = say(response, waybill_no=waybill_no, tries_left=answer.tries_left or 0)
    if answer.outcome in NEWS_LATER:
        reply = _later(turn, waybill_no, digits) + reply
    if answer.outcome is TrackOutcome.TOO_MANY_TRIES:
        reply += offering(turn, PERSON)
    wants = answer.outcome in {TrackOutcome.NEED_PHONE_TAIL, TrackOutcome.WRONG_PHONE_TAIL}
    return News(waybill_no, reply, answer.outcome, wants_digits=wants)


def _later(turn: Turn, waybill_no: str, digits: str | None) -> Reply:
    """News are offered; digits given meanwhile are kept for them."""
    kept = digits or digits_kept(turn, waybill_no)
    noted = say("say_digits_kept") if digits else Reply()
    return noted + offering_news(turn, waybill_no, kept)


def _found(turn: Turn, answer: TrackAnswer, shipment: ShipmentSeen) -> News:
    number = shipment.waybill_no
    if answer.disclosure is Disclosure.FULL:
        whole = _whole(shipment) + _without_eta(turn, shipment)
        return News(number, whole, TrackOutcome.FOUND, proof=SHOWN)
    reply = say(
        "say_track_city" if shipment.city else "say_track_state",
        waybill_no=number,
        carrier_name=shipment.carrier_name,
        status_label=shipment.status_label,
        city=shipment.city or "",
    )
    if not answer.unverifiable:
        return News(number, reply, TrackOutcome.FOUND, wants_digits=True)
    if proof_of(turn, number) != UNCHECKABLE:
        reply += say("say_digits_uncheckable")
    return News(number, reply, TrackOutcome.FOUND, proof=UNCHECKABLE)


def _without_eta(turn: Turn, shipment: ShipmentSeen) -> Reply:
    """Who asked when it comes hears that nobody has said so yet."""
    before = turn.earlier[-1].intent if turn.earlier and turn.requested == "phone_tail" else None
    asked = "ask_shipping_time" in {turn.intent, before}
    known = shipment.eta is not None or shipment.is_final
    return say("say_track_no_eta") if asked and not known else Reply()


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
