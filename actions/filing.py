"""From a confirmed draft to a ticket number."""

from actions.backend import Backend, Report
from actions.backend_answers import FilingOutcome
from actions.backend_errors import BackendRefused
from actions.labels import kind_label
from actions.reply import Reply, say
from actions.report_draft import Draft
from actions.turn import Turn

RESPONSES = {
    FilingOutcome.OPENED: "say_ticket_opened",
    FilingOutcome.JOINED: "say_ticket_joined",
}


async def file_report(turn: Turn, draft: Draft, backend: Backend) -> Reply:
    """File the report and tell its number. Raises BackendError when ticketing itself fails."""
    report = Report(
        kind=draft.kind,
        waybill_no=str(draft.waybill_no),
        description=draft.description or "；".join(draft.words) or kind_label(draft.kind),
        words=draft.words,
        phone_tail=draft.phone_tail,
        role=draft.role,
    )
    try:
        answer = await backend.open_ticket(turn.asked, report)
    except BackendRefused as refused:
        if refused.status >= 500:
            raise
        return say("say_ticket_refused", detail=refused.detail)
    return say(
        RESPONSES[answer.outcome],
        card=answer.ticket.card,
        ticket_no=answer.ticket.ticket_no,
        kind_label=answer.ticket.kind_label,
    )
