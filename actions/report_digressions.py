"""Questions beside the report form: they are answered, and the form goes on."""

from actions.backend import Backend
from actions.form_talk import BESIDE_THE_POINT, SMALL_TALK
from actions.parcel_news import look, tell
from actions.progress import told
from actions.reply import Reply, say
from actions.report_draft import Draft
from actions.turn import Turn

_SAID = {**SMALL_TALK, "goodbye": "say_report_still_open"}


def small_talk(turn: Turn, slot: str) -> Reply | None:
    """The answer to small talk beside the form; None when the message is none."""
    if slot == "description" and turn.intent in BESIDE_THE_POINT:
        return None
    return say(_SAID[turn.intent]) if turn.intent in _SAID else None


async def digression(turn: Turn, draft: Draft, slot: str, backend: Backend) -> Reply | None:
    """The answer; None when the message is no such question. Raises BackendError."""
    if turn.intent == "ticket_status":
        return await _tickets(turn, backend)
    if turn.intent == "track_parcel" and not (slot == "waybill_no" and turn.waybills):
        return await _parcel(turn, draft, backend)
    return None


async def _tickets(turn: Turn, backend: Backend) -> Reply:
    answer = await backend.progress(turn.asked)
    return told(answer.tickets[0]) if answer.tickets else say("say_report_no_ticket_yet")


async def _parcel(turn: Turn, draft: Draft, backend: Backend) -> Reply | None:
    waybill_no = next(iter(turn.waybills), draft.waybill_no)
    if waybill_no is None:
        return None
    return tell(turn, waybill_no, await look(turn, backend, waybill_no)).reply
