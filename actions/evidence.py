"""Photos, receipts and further words for a ticket."""

from collections.abc import Callable, Mapping

from actions.backend import Backend
from actions.backend_answers import TicketsAnswer, TicketsOutcome
from actions.faq import is_question
from actions.house_action import HouseAction
from actions.offers import EVIDENCE, offered, offering
from actions.own_tickets import which
from actions.reply import Reply, say
from actions.turn import Turn


class ActionTakeEvidence(HouseAction):
    """The customer has proof, or asks where to send it."""

    def name(self) -> str:
        """As in the domain."""
        return "action_take_evidence"

    async def answer(self, turn: Turn) -> Reply:
        """A question is answered; what is told is noted on the ticket."""
        if is_question(turn.text):
            return say("say_evidence_how")
        return await take_evidence(turn, self.backend)


async def take_evidence(turn: Turn, backend: Backend) -> Reply:
    """Note the words on the ticket named, else on the only open one. Raises BackendError."""
    offer = offered(turn)
    before = offer.get("words") or () if offer.get("what") == EVIDENCE else ()
    words = tuple(before) or (turn.text,)
    answer = await backend.add_evidence(turn.asked, words, turn.entity("ticket_no"))
    told = _TOLD[answer.outcome](answer)
    if answer.outcome is TicketsOutcome.SEVERAL:
        return told + offering(turn, EVIDENCE, words=list(words))
    return told


def _added(answer: TicketsAnswer) -> Reply:
    return say("say_evidence_added", ticket_no=answer.tickets[0].ticket_no)


_TOLD: Mapping[TicketsOutcome, Callable[[TicketsAnswer], Reply]] = {
    TicketsOutcome.ADDED: _added,
    TicketsOutcome.NONE: lambda _: say("say_evidence_none"),
    TicketsOutcome.SEVERAL: lambda answer: which("say_evidence_which", answer.tickets),
    TicketsOutcome.UNKNOWN_TICKET: lambda _: say("say_ticket_not_yours"),
    TicketsOutcome.ALREADY_CLOSED: lambda _: say("say_ticket_closed_already"),
}
