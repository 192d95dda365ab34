"""When a message was not understood."""

from actions.answering import follow_up
from actions.backend_answers import HandoffReason
from actions.form_talk import BESIDE_THE_POINT, MOST_BESIDE
from actions.handoff import hand_off
from actions.house_action import HouseAction
from actions.labels import readings
from actions.numbers import take_numbers
from actions.offers import PERSON, offer_person, pending
from actions.reply import Reply, say
from actions.turn import FALLBACK, Turn

MOST_BUTTONS = 2


class ActionClarify(HouseAction):
    """One question with the two likeliest readings; the second time in a row a person."""

    def name(self) -> str:
        """As in the domain."""
        return "action_clarify"

    async def answer(self, turn: Turn) -> Reply:
        """Numbers in the message are worth more than a question."""
        taken = await take_numbers(turn, self.backend)
        if taken is not None:
            return taken
        told = follow_up(turn)
        if told is not None:
            return told
        if pending(turn) == PERSON or (turn.earlier and turn.earlier[-1].intent == FALLBACK):
            return await hand_off(turn, self.backend, HandoffReason.NOT_UNDERSTOOD)
        known = readings()
        likely = [known[name] for name in turn.ranking if name in known][:MOST_BUTTONS]
        return say("say_clarify", buttons=tuple(dict.fromkeys([*likely, known["talk_to_human"]])))


class ActionAskKind(HouseAction):
    """There is a problem, but which?"""

    def name(self) -> str:
        """As in the domain."""
        return "action_ask_kind"

    async def answer(self, turn: Turn) -> Reply:
        """Ask with one button for each kind; a number in the message is kept."""
        slots = {"waybill_no": turn.waybills[0]} if turn.waybills else {}
        return Reply(slots=slots) + say("say_ask_kind")


class ActionBesideThePoint(HouseAction):
    """Chatter, or a wish that has nothing to do with parcels."""

    def name(self) -> str:
        """As in the domain."""
        return "action_beside_the_point"

    async def answer(self, turn: Turn) -> Reply:
        """A friendly word; a person for whom one was offered already, an offer the third time."""
        if pending(turn) == PERSON:
            return await hand_off(turn, self.backend, HandoffReason.NOT_UNDERSTOOD)
        told = follow_up(turn)
        if told is not None:
            return told
        before = [said.intent for said in turn.earlier[-MOST_BESIDE:]]
        if len(before) == MOST_BESIDE and set(before) <= BESIDE_THE_POINT:
            return offer_person(turn)
        return say("utter_chitchat" if turn.intent == "chitchat" else "utter_out_of_scope")
