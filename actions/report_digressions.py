"""Questions beside the report form: they are answered, and the form goes on."""

from actions.backend import Backend
from actions.details import PARTS
from actions.digressions import TRACKING, answered_beside
from actions.faq import is_question
from actions.form_talk import BESIDE_THE_POINT, SMALL_TALK
from actions.news_later import promise_news
from actions.progress import told
from actions.reply import Reply, say
from actions.report_answers import FILLERS
from actions.report_draft import Draft
from actions.turn import Turn

_SAID = {**SMALL_TALK, "goodbye": "say_report_still_open"}
_FREE_WORDS = frozenset({"description", *PARTS})
_NUMBERS = frozenset({"waybill_no", "phone_tail"})


def small_talk(turn: Turn, slot: str) -> Reply | None:
    """The answer to small talk beside the form; None when the message is none."""
    if slot in _FREE_WORDS and turn.intent in BESIDE_THE_POINT:
        return None
    return say(_SAID[turn.intent]) if turn.intent in _SAID else None


async def digression(turn: Turn, draft: Draft, slot: str, backend: Backend) -> Reply | None:
    """The answer; None when the message is no such question. Raises BackendError."""
    if turn.intent == "ticket_status":
        return await _tickets(turn, backend)
    if _answers(turn, draft, slot):
        return None
    if turn.intent == "provide_evidence":
        return say("say_evidence_in_form")
    if turn.intent == "notify_me_later" and draft.waybill_no:
        return await promise_news(turn, backend)
    return await answered_beside(turn, backend, draft.waybill_no)


def _answers(turn: Turn, draft: Draft, slot: str) -> bool:
    """Whether the message rather answers the form's question than asks one."""
    if slot in _FREE_WORDS:
        return turn.intent not in TRACKING and not is_question(turn.text)
    filled = FILLERS[slot](draft, turn) if slot in FILLERS else None
    return filled is not None and (slot in _NUMBERS or not is_question(turn.text))


async def _tickets(turn: Turn, backend: Backend) -> Reply:
    answer = await backend.progress(turn.asked)
    return told(answer.tickets[0]) if answer.tickets else say("say_report_no_ticket_yet")
