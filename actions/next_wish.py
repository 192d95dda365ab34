"""The turn goes on with a wish that was remembered."""

from actions.form_talk import other_wish
from actions.house_action import HouseAction
from actions.reply import Reply, go_to
from actions.turn import Turn
from actions.wishes import TAKE_UP

_ANSWERS = {"courier_contact": "action_courier_contact", "talk_to_human": "action_hand_off"}


def action_for(turn: Turn) -> str:
    """The action that takes a message of this intent outside a form."""
    return other_wish(turn) or _ANSWERS.get(turn.intent, "action_answer")


class ActionNextWish(HouseAction):
    """The next wish, as if the customer had just written it."""

    def name(self) -> str:
        """As in the domain."""
        return TAKE_UP

    async def answer(self, turn: Turn) -> Reply:
        """Whoever deals with its intent."""
        return go_to(action_for(turn))
