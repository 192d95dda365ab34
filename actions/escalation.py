"""The customer wants to go to the authorities: the official ways, and an urgent report."""

from actions.beginning import begin_report
from actions.faq import topic_for
from actions.house_action import HouseAction
from actions.kinds import COMPLAINT
from actions.reply import Reply, say
from actions.turn import Turn

_INTENT = "escalate"
A_STORY = 20  # from how many characters on a threat also tells what happened


def channels(turn: Turn) -> Reply:
    """An apology, and where one may complain."""
    topic = topic_for(_INTENT, turn.text)
    return say("say_escalated", answer=topic.answer if topic else "")


def soothed(turn: Turn) -> Reply:
    """The same in the middle of a report, which is urgent from now on."""
    return channels(turn) + say("say_report_urgent_now")


class ActionEscalate(HouseAction):
    """12305, 12315, the press, a lawyer."""

    def name(self) -> str:
        """As in the domain."""
        return "action_escalate"

    async def answer(self, turn: Turn) -> Reply:
        """Tell the ways honestly, and file an urgent complaint meanwhile."""
        return channels(turn) + begin_report(turn, COMPLAINT, urgent=True, enough=A_STORY)
