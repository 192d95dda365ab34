"""What a bare yes means: an offer counts only for the message right after it."""

from actions.reply import Reply, remember, say
from actions.turn import Turn

NEWS = "news"
PERSON = "person"


def offering(turn: Turn, what: str) -> Reply:
    """Remember that this turn offers something."""
    return remember(offer={"what": what, "message_id": turn.message_id})


def pending(turn: Turn) -> str | None:
    """What the bot offered in its previous answer."""
    offer = turn.slot("offer")
    if not offer or not turn.earlier or turn.earlier[-1].message_id != offer["message_id"]:
        return None
    return str(offer["what"])


def offer_person(turn: Turn) -> Reply:
    """Asked twice in vain: a person may do better."""
    return say("say_offer_person") + offering(turn, PERSON)
