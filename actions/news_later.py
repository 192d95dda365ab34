"""Telling later what could not be told now."""

from actions.backend import Backend
from actions.house_action import HouseAction
from actions.offers import digits_kept
from actions.reply import Reply, remember, say
from actions.turn import Turn


async def promise_news(turn: Turn, backend: Backend) -> Reply:
    """Let ticketing look again and write by itself. Raises BackendError."""
    waybill_no = next(iter(turn.waybills), None) or turn.slot("waybill_no")
    if not waybill_no:
        return say("say_news_of_which")
    digits = turn.sure_digits or digits_kept(turn, waybill_no)
    await backend.promise(turn.asked, waybill_no, digits)
    promised = say("say_promised", waybill_no=waybill_no)
    return promised + remember(waybill_no=waybill_no, offer=None)


class ActionPromiseNews(HouseAction):
    """The customer wants to be told when there is something new."""

    def name(self) -> str:
        """As in the domain."""
        return "action_promise_news"

    async def answer(self, turn: Turn) -> Reply:
        """For the parcel named, else the one the conversation is about."""
        return await promise_news(turn, self.backend)
