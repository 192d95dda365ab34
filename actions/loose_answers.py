"""Answers that no form has asked for: yes, no, a bare number."""

from collections.abc import Awaitable, Callable, Mapping

from actions.backend import Backend
from actions.backend_answers import HandoffReason
from actions.beginning import begin_report
from actions.handoff import hand_off
from actions.house_action import HouseAction
from actions.news_later import promise_news
from actions.numbers import take_numbers
from actions.offers import NEWS, PERSON, REPORT, RESUME, WITHDRAWAL, offered, pending
from actions.reply import Reply, go_to, remember, say
from actions.turn import Turn
from actions.withdrawing import ask_or_withdraw

Accepted = Callable[[Turn, Backend], Awaitable[Reply]]


class ActionAcceptOffer(HouseAction):
    """Yes to what the bot has just offered."""

    def name(self) -> str:
        """As in the domain."""
        return "action_accept_offer"

    async def answer(self, turn: Turn) -> Reply:
        """Do what was offered; a yes with a number is about the number."""
        taken = _ACCEPTED.get(str(pending(turn)))
        if taken is not None:
            return await taken(turn, self.backend)
        numbers = await take_numbers(turn, self.backend)
        return numbers or say("say_anything_else" if turn.earlier else "say_what_next")


class ActionDeclineOffer(HouseAction):
    """No to what the bot has just offered."""

    def name(self) -> str:
        """As in the domain."""
        return "action_decline_offer"

    async def answer(self, turn: Turn) -> Reply:
        """Leave it at that; who has no number is told where to find it."""
        if turn.digits or turn.waybills:
            return go_to("track_form")
        if pending(turn):
            return say("say_declined") + remember(set_aside=None)
        if turn.intent == "cannot_provide":
            return say("say_what_next" if turn.slot("waybill_no") else "say_where_is_waybill")
        return say("say_nothing_else" if turn.earlier else "say_what_next")


class ActionRouteInfo(HouseAction):
    """A number or a detail without a question."""

    def name(self) -> str:
        """As in the domain."""
        return "action_route_info"

    async def answer(self, turn: Turn) -> Reply:
        """A waybill number or digits alone mean: where is it; a ticket number: how far is it."""
        taken = await take_numbers(turn, self.backend)
        if taken is not None:
            return taken
        return say("say_right_number" if turn.intent == "correct_info" else "say_what_next")


async def _report(turn: Turn, _: Backend) -> Reply:
    offer = offered(turn)
    return begin_report(turn, offer["kind"], description=offer.get("description"))


async def _resume(turn: Turn, _: Backend) -> Reply:
    draft = offered(turn)["draft"]
    return begin_report(turn, draft["kind"], draft=draft)


async def _person(turn: Turn, backend: Backend) -> Reply:
    return await hand_off(turn, backend, HandoffReason.ASKED)


_ACCEPTED: Mapping[str, Accepted] = {
    NEWS: promise_news,
    PERSON: _person,
    REPORT: _report,
    RESUME: _resume,
    WITHDRAWAL: ask_or_withdraw,
}
