"""The customer takes a ticket back."""

from collections.abc import Callable, Mapping

from actions.backend import Backend
from actions.backend_answers import TicketsAnswer, TicketsOutcome
from actions.house_action import HouseAction
from actions.labels import has_sign
from actions.offers import WITHDRAWAL, offer_person, offered, offering
from actions.own_tickets import open_tickets, which
from actions.reply import Reply, remember, say
from actions.turn import Turn


class ActionWithdraw(HouseAction):
    """A complaint is to be withdrawn: asked once, then done."""

    def name(self) -> str:
        """As in the domain."""
        return "action_withdraw"

    async def answer(self, turn: Turn) -> Reply:
        """Confirm the ticket first; saying the wish again confirms it."""
        return await ask_or_withdraw(turn, self.backend)


async def ask_or_withdraw(turn: Turn, backend: Backend) -> Reply:
    """One step of a withdrawal. Raises BackendError."""
    named, offer = turn.entity("ticket_no"), offered(turn)
    if offer.get("what") == WITHDRAWAL:
        return await _after_question(turn, backend, offer.get("ticket_no"))
    if named:
        return _confirm(turn, named, say("say_withdraw_confirm_number", ticket_no=named))
    tickets = await open_tickets(turn, backend)
    if not tickets:
        return say("say_withdraw_none")
    if len(tickets) > 1:
        return which("say_withdraw_which", tickets) + offering(turn, WITHDRAWAL)
    number, label = tickets[0].ticket_no, tickets[0].kind_label
    question = say("say_withdraw_confirm", ticket_no=number, kind_label=label)
    return _confirm(turn, number, question)


async def _after_question(turn: Turn, backend: Backend, asked: str | None) -> Reply:
    """The answer to "this one, really?" or to "which one?"."""
    named = turn.entity("ticket_no")
    if has_sign("keeps_ticket", turn.text):
        return say("say_withdraw_kept") + remember(offer=None)
    if asked and named in {None, asked}:
        return await withdraw(turn, backend, asked)
    if named:
        return _confirm(turn, named, say("say_withdraw_confirm_number", ticket_no=named))
    return offer_person(turn)


async def withdraw(turn: Turn, backend: Backend, ticket_no: str) -> Reply:
    """Do it and say how it ended. Raises BackendError."""
    answer = await backend.withdraw(turn.asked, ticket_no)
    return _TOLD[answer.outcome](answer) + remember(offer=None)


def _confirm(turn: Turn, ticket_no: str, question: Reply) -> Reply:
    return question + offering(turn, WITHDRAWAL, ticket_no=ticket_no)


def _withdrawn(answer: TicketsAnswer) -> Reply:
    ticket = answer.tickets[0] if answer.tickets else None
    return say(
        "say_withdrawn",
        card=ticket.card if ticket else None,
        ticket_no=ticket.ticket_no if ticket else "",
    )


_TOLD: Mapping[TicketsOutcome, Callable[[TicketsAnswer], Reply]] = {
    TicketsOutcome.WITHDRAWN: _withdrawn,
    TicketsOutcome.NONE: lambda _: say("say_withdraw_none"),
    TicketsOutcome.SEVERAL: lambda answer: which("say_withdraw_which", answer.tickets),
    TicketsOutcome.UNKNOWN_TICKET: lambda _: say("say_ticket_not_yours"),
    TicketsOutcome.ALREADY_CLOSED: lambda _: say("say_ticket_closed_already"),
}
