"""What a bare yes means: an offer counts only for the message right after it."""

from actions.reply import Reply, remember, say
from actions.turn import Turn

NEWS = "news"
PERSON = "person"


def offering(turn: Turn, what: str) -> Reply:
    """Remember that this turn offers something."""
    return remember(offer={"what": what, "message_id": turn.message_id})


def offering_news(turn: Turn, waybill_no: str, digits: str | None) -> Reply:
    """Remember that news of a parcel were offered, and the digits that nobody could check yet."""
    offer = {"what": NEWS, "message_id": turn.message_id, "waybill_no": waybill_no}
    return remember(offer={**offer, "phone_tail": digits})


def digits_kept(turn: Turn, waybill_no: str) -> str | None:
    """The digits given for a parcel whose news were offered last."""
    offer = turn.slot("offer") or {}
    return offer.get("phone_tail") if offer.get("waybill_no") == waybill_no else None


def pending(turn: Turn) -> str | None:
    """What the bot offered in its previous answer."""
    offer = turn.slot("offer")
    if not offer or not turn.earlier or turn.earlier[-1].message_id != offer["message_id"]:
        return None
    return str(offer["what"])


def offer_person(turn: Turn) -> Reply:
    """Asked twice in vain: a person may do better."""
    return say("say_offer_person") + offering(turn, PERSON)
