"""Answers that no form has asked for: yes, no, a bare number."""

from actions.backend_answers import HandoffReason
from actions.handoff import hand_off
from actions.house_action import HouseAction
from actions.news_later import promise_news
from actions.offers import NEWS, PERSON, pending
from actions.reply import Reply, go_to, say
from actions.turn import Turn


class ActionAcceptOffer(HouseAction):
    """Yes to what the bot has just offered."""

    def name(self) -> str:
        """As in the domain."""
        return "action_accept_offer"

    async def answer(self, turn: Turn) -> Reply:
        """Do what was offered; a yes to nothing gets a friendly word."""
        what = pending(turn)
        if what == NEWS:
            return await promise_news(turn, self.backend)
        if what == PERSON:
            return await hand_off(turn, self.backend, HandoffReason.ASKED)
        return say("say_what_next")


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
            return say("say_declined")
        lost = turn.intent == "cannot_provide" and not turn.slot("waybill_no")
        return say("say_where_is_waybill" if lost else "say_what_next")


class ActionRouteInfo(HouseAction):
    """A number or a detail without a question."""

    def name(self) -> str:
        """As in the domain."""
        return "action_route_info"

    async def answer(self, turn: Turn) -> Reply:
        """A waybill number or digits alone mean: where is it; a ticket number: how far is it."""
        if turn.entity("ticket_no"):
            return go_to("progress_form")
        if turn.waybills or turn.sure_digits:
            return go_to("track_form")
        return say("say_right_number" if turn.intent == "correct_info" else "say_what_next")
