"""Questions beside a form that have an answer of their own, whatever form it is."""

from collections.abc import Awaitable, Callable, Mapping

from actions.backend import Backend
from actions.courier import courier_number, is_carrier_alone
from actions.faq import topic_for
from actions.parcel_news import look, tell
from actions.reply import Reply, say
from actions.turn import Turn

TRACKING = frozenset({"track_parcel", "ask_shipping_time"})

Answer = Callable[[Turn, Backend, str | None], Awaitable[Reply | None]]


async def answered_beside(turn: Turn, backend: Backend, waybill_no: str | None) -> Reply | None:
    """The answer to a question about a fact, a courier or a parcel; None where it is no such.

    `waybill_no` is the parcel in question. Raises BackendError.
    """
    topic = topic_for(turn.intent, turn.text)
    parcel = next(iter(turn.waybills), waybill_no)
    if parcel and (turn.intent in TRACKING or (topic and topic.track)):
        return await parcel_beside(turn, backend, parcel)
    if turn.intent in _OWN_ANSWERS:
        return await _OWN_ANSWERS[turn.intent](turn, backend, parcel)
    if topic is None or topic.begins(turn.text) or is_carrier_alone(turn):
        return None
    return say("say_faq", answer=topic.fact)


async def parcel_beside(turn: Turn, backend: Backend, waybill_no: str) -> Reply:
    """Where the parcel is, without asking for anything. Raises BackendError."""
    return tell(turn, waybill_no, await look(turn, backend, waybill_no)).reply


_OWN_ANSWERS: Mapping[str, Answer] = {"courier_contact": courier_number}
