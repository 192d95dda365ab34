"""What a bare yes means: an offer counts only for the message right after it."""

from collections.abc import Mapping
from typing import Any

from actions.reply import Reply, remember, say
from actions.turn import Turn

NEWS = "news"
PERSON = "person"
REPORT = "report"
RESUME = "resume"
WITHDRAWAL = "withdrawal"
EVIDENCE = "evidence"
COURIER = "courier"


def offering(turn: Turn, what: str, **more: Any) -> Reply:
    """Remember that this turn offers something, and what belongs to it."""
    return remember(offer={"what": what, "message_id": turn.message_id, **more})


def offering_news(turn: Turn, waybill_no: str, digits: str | None) -> Reply:
    """Remember that news of a parcel were offered, and the digits that nobody could check yet."""
    return offering(turn, NEWS, waybill_no=waybill_no, phone_tail=digits)


def digits_kept(turn: Turn, waybill_no: str) -> str | None:
    """The digits given for a parcel whose news were offered last."""
    offer = turn.slot("offer") or {}
    return offer.get("phone_tail") if offer.get("waybill_no") == waybill_no else None


def offered(turn: Turn) -> Mapping[str, Any]:
    """The offer of the bot's previous answer; empty where there was none."""
    offer = turn.slot("offer")
    if not offer or not turn.earlier or turn.earlier[-1].message_id != offer["message_id"]:
        return {}
    return dict(offer)


def pending(turn: Turn) -> str | None:
    """What the bot offered in its previous answer."""
    return offered(turn).get("what")


def offer_person(turn: Turn, why: str = "say_offer_person") -> Reply:
    """The bot has done what it can: a person may do better."""
    return say(why) + offering(turn, PERSON)
