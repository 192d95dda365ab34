"""From a confirmed draft to a ticket number."""

from dataclasses import replace

from actions.backend import Backend, Report
from actions.backend_answers import FilingAnswer, FilingOutcome
from actions.backend_errors import BackendRefused
from actions.details import PARTS
from actions.labels import progress_button, ticket_reopened
from actions.mood import is_upset, worst_mood
from actions.reply import Reply, say, tell
from actions.report_draft import LONGEST_DESCRIPTION, Draft
from actions.turn import Turn

_RESPONSES = {
    FilingOutcome.OPENED: "say_ticket_opened",
    FilingOutcome.JOINED: "say_ticket_joined",
}


async def file_report(turn: Turn, draft: Draft, backend: Backend) -> Reply:
    """File the report and tell its number. Raises BackendError when ticketing itself fails."""
    draft = replace(draft, urgent=draft.urgent or is_upset(turn))
    try:
        answer = await backend.open_ticket(turn.asked, _report(turn, draft))
    except BackendRefused as refused:
        if refused.status >= 500:
            raise
        return say("say_ticket_refused", detail=f"{refused.detail}。")
    filed = _told(answer)
    return filed + say("say_ticket_urgent") if draft.urgent else filed


def _told(answer: FilingAnswer) -> Reply:
    ticket = answer.ticket
    if answer.outcome is FilingOutcome.REOPENED:
        return tell(ticket_reopened(ticket.ticket_no), ticket.card, (progress_button(),))
    return say(
        _RESPONSES[answer.outcome],
        card=ticket.card,
        ticket_no=ticket.ticket_no,
        kind_label=ticket.kind_label,
    )


def _report(turn: Turn, draft: Draft) -> Report:
    return Report(
        kind=draft.kind,
        waybill_no=draft.waybill_no,
        description=_description(draft)[:LONGEST_DESCRIPTION],
        words=draft.words,
        phone_tail=draft.phone_tail,
        role=draft.role,
        contact_phone=draft.details.get("phone") if draft.asks_for("phone") else None,
        urgent=draft.urgent,
        intent=next(iter(draft.facts.intents), None),
        mood=worst_mood(turn),
        details=draft.details,
    )


def _description(draft: Draft) -> str:
    """What happened; of a wish with parts, the parts."""
    parts = "；".join(draft.details[part] for part in PARTS if draft.asks_for(part))
    return draft.description or parts or "；".join(draft.words) or draft.facts.label
