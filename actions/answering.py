"""Questions that facts answer, and wishes that begin with one."""

from itertools import takewhile

from actions.beginning import begin_report
from actions.courier import is_carrier_alone
from actions.digressions import TRACKING
from actions.faq import GENERAL, Topic, topic_for
from actions.house_action import HouseAction
from actions.numbers import take_numbers
from actions.offers import REPORT, offering
from actions.reply import Reply, go_to, remember, say
from actions.turn import Turn

LONGEST_FRAGMENT = 10


class ActionAnswer(HouseAction):
    """The topic that fits the question best."""

    def name(self) -> str:
        """As in the domain."""
        return "action_answer"

    async def answer(self, turn: Turn) -> Reply:
        """News of the parcel where they say more, a report where one is wished, else the facts."""
        topic = topic_for(turn.intent, turn.text)
        if is_carrier_alone(turn):
            return await take_numbers(turn, self.backend) or say("say_what_next")
        return say("say_what_next") if topic is None else _answer(turn, topic)


def follow_up(turn: Turn) -> Reply | None:
    """The answer to "and what about …?" after an answer; None where the message is none such."""
    fragments = takewhile(_is_fragment, (turn.text, *(said.text for said in turn.earlier[::-1])))
    before = turn.earlier[: len(turn.earlier) - len(tuple(fragments)) + 1]
    if not _is_fragment(turn.text) or not before:
        return None
    topic = topic_for(before[-1].intent, turn.text)
    return _told(turn, topic) if topic and topic.topic != GENERAL else None


def _is_fragment(text: str) -> bool:
    return len(text) <= LONGEST_FRAGMENT and text.rstrip("？?").endswith("呢")


def _answer(turn: Turn, topic: Topic) -> Reply:
    if _is_about_a_parcel(turn, topic):
        return go_to("track_form")
    kind = topic.begins(turn.text)
    if kind:
        return begin_report(turn, kind, description=topic.description)
    return _told(turn, topic)


def _is_about_a_parcel(turn: Turn, topic: Topic) -> bool:
    """Whether the parcel named, or the one in question, is a better answer."""
    if turn.intent in TRACKING and turn.waybills:
        return True
    return topic.track and bool(turn.waybills or turn.slot("waybill_no"))


def _told(turn: Turn, topic: Topic) -> Reply:
    """The answer; a parcel named is remembered, and a bare yes takes up what is offered."""
    parcel = next(iter(turn.waybills), None) or turn.slot("waybill_no")
    answer = topic.answer if parcel or topic.no_parcel is None else topic.no_parcel
    focus = remember(waybill_no=turn.waybills[0]) if turn.waybills else Reply()
    offer = offering(turn, REPORT, kind=topic.offer) if topic.offer else Reply()
    return say("say_faq", answer=answer, buttons=topic.buttons) + focus + offer
