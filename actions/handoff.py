"""From the bot to people."""

from actions.backend import Backend
from actions.backend_answers import HandoffReason
from actions.house_action import HouseAction
from actions.reply import Reply, say
from actions.turn import Turn


async def hand_off(turn: Turn, backend: Backend, reason: HandoffReason) -> Reply:
    """Queue the conversation and say at which place it stands. Raises BackendError."""
    answer = await backend.hand_off(turn.asked, reason)
    return say("say_handed_off", position=answer.position)


class ActionHandOff(HouseAction):
    """The customer asks for a person."""

    def name(self) -> str:
        """As in the domain."""
        return "action_hand_off"

    async def answer(self, turn: Turn) -> Reply:
        """Always, without asking why."""
        return await hand_off(turn, self.backend, HandoffReason.ASKED)
