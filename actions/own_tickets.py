"""Which of the customer's tickets is meant."""

from actions.backend import Backend
from actions.backend_answers import Ticket
from actions.reply import Reply, say
from actions.turn import Turn

MOST_NAMED = 4


async def open_tickets(turn: Turn, backend: Backend) -> tuple[Ticket, ...]:
    """The open tickets of this conversation, newest first. Raises BackendError."""
    answer = await backend.progress(turn.asked)
    return tuple(ticket for ticket in answer.tickets if ticket.is_open)


def which(question: str, tickets: tuple[Ticket, ...]) -> Reply:
    """Ask for one of several tickets; the customer writes its number."""
    named = [f"{each.ticket_no}（{each.kind_label}）" for each in tickets[:MOST_NAMED]]
    return say(question, tickets="、".join(named))
