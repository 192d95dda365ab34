"""From the bot to people."""

from actions.backend import Backend
from actions.backend_answers import HandoffReason
from actions.house_action import HouseAction
from actions.mood import hand_off_reason
from actions.reply import Reply, remember, say
from actions.turn import Turn


async def hand_off(turn: Turn, backend: Backend, reason: HandoffReason) -> Reply:
    """Queue the conversation and say what ticketing tells of it. Raises BackendError.

    A person reads the chat: wishes that were remembered are dropped.
    """
    answer = await backend.hand_off(turn.asked, hand_off_reason(turn, reason))
    told = say("say_handed_off", told=answer.told, position=answer.position)
    return told + remember(next_wishes=None)


class ActionHandOff(HouseAction):
    """The customer asks for a person."""

    def name(self) -> str:
        """As in the domain."""
        return "action_hand_off"

    async def answer(self, turn: Turn) -> Reply:
        """Always, without asking why."""
        return await hand_off(turn, self.backend, HandoffReason.ASKED)
