"""Wishes beside the main one: remembered, named, and taken up when the first is done. Pure."""

from dataclasses import dataclass, replace
from typing import Any

from actions.hearing import FALLBACK, PERSON, Entity, Wish
from actions.kinds import kind_of
from actions.labels import signs
from actions.reply import Reply, go_to, remember, say
from actions.turn import Turn

TAKE_UP = "action_next_wish"
MOST = 2
LONGEST_QUOTE = 20
_ROUND_A_WISH = " ，,。.、：:；;和跟与还有"

# Questions outside a form: what was wished is not done before they are answered.
_ASKING = frozenset(
    {"say_ask_kind", "say_clarify", "say_clarify_carrier", "say_news_of_which", "say_resume_offer"}
    | {"say_offer_person", "say_offer_person_upset", "say_many_questions", "say_digits_too_many"}
    | {"say_withdraw_confirm", "say_withdraw_confirm_number", "say_withdraw_which"}
    | {"say_evidence_which", "say_right_number"}
)
# Opens a matter and asks in one sentence.
_OPENING = frozenset({"say_report_ask_waybill"})
# Words that only keep a conversation going; a wish is better.
_FILLING = frozenset(
    {"say_what_next", "say_anything_else", "say_nothing_else", "say_upset_what"}
    | {"utter_chitchat", "utter_out_of_scope"}
)


@dataclass(frozen=True)
class Kept:
    """A remembered wish: of which message, and whether the customer has been told so."""

    wish: Wish
    message_id: str
    noted: bool = False

    @classmethod
    def of(cls, slot: dict[str, Any]) -> "Kept":
        """From the slot `next_wishes`."""
        return cls(Wish.remembered(slot), slot["message_id"], bool(slot.get("noted")))

    def as_slot(self) -> dict[str, Any]:
        """As one element of the slot."""
        return {**self.wish.as_slot(), "message_id": self.message_id, "noted": self.noted}


def wants_person(turn: Turn) -> bool:
    """Whether a person is asked for beside something else: then nothing else matters."""
    return any(wish.intent == PERSON for wish in turn.wishes)


def is_only_wishes(turn: Turn) -> bool:
    """Whether a message outside a form is understood in its parts alone."""
    return turn.intent == FALLBACK and bool(turn.wishes) and not turn.requested


def is_data_for_a_wish(turn: Turn) -> bool:
    """Whether a message outside a form gives data and names what they are for."""
    return turn.intent == "provide_info" and bool(turn.wishes) and turn.form is None


def with_its_data(turn: Turn) -> Reply:
    """The wish is taken up with all that the message gives for it."""
    first, *others = turn.wishes
    entities = tuple(dict.fromkeys((*first.entities, *turn.entities)))
    whole = replace(first, text=f"{first.text}，{turn.text}", entities=entities)
    rest = [Kept(each, turn.message_id).as_slot() for each in others]
    return remember(
        next_wishes=rest or None,
        taken_up={"message_id": turn.message_id, "wish": whole.as_slot()},
    ) + go_to(TAKE_UP)


def with_wishes(turn: Turn, reply: Reply) -> Reply:
    """The reply, and what becomes of the wishes beside it.

    While something is still asked they are kept, and named once; afterwards the first of them is
    taken up in the same turn. A reply that settles `next_wishes` itself is left as it is.
    """
    if reply.followup or "next_wishes" in reply.slots:
        return reply
    queue = _queue(turn, reply)
    if not queue:
        return reply + remember(next_wishes=None) if turn.slot("next_wishes") else reply
    reply = _with_parcel(turn, reply)
    if _goes_on(turn, reply) or _asks(reply):
        return _noted(turn, reply, queue)
    if turn.intent == "goodbye":
        return reply + remember(next_wishes=None)
    return _taking_up(turn, reply, queue)


def quoted(wish: Wish) -> str:
    """The wish in the customer's words, without those that only lead to it."""
    words, before = wish.text.strip(), ""
    while words != before:
        before = words
        for lead in signs("leading_words"):
            words = words.removeprefix(lead).lstrip(_ROUND_A_WISH)
    words = words or wish.text.strip()
    return words if len(words) <= LONGEST_QUOTE else f"{words[:LONGEST_QUOTE]}…"


def _queue(turn: Turn, reply: Reply) -> list[Kept]:
    """What is remembered and not dealt with meanwhile, then what this message adds."""
    kept = [Kept.of(each) for each in turn.slot("next_wishes") or []]
    left = [each for each in kept if not _is_dealt_with(each, turn, reply)]
    covered = _intents_of_form(turn, reply)
    wishes = [*_other_parcels(turn, reply), *turn.wishes]
    own = _intents_of_answer(turn)
    new = [w for w in wishes if w.intent not in own and not covered & set(w.covered_by)]
    return [*left, *(Kept(wish, turn.message_id) for wish in new)][:MOST]


def _is_dealt_with(kept: Kept, turn: Turn, reply: Reply) -> bool:
    """Whether the customer has asked for it again meanwhile, and not in vain."""
    if _is_taken_up(turn) or kept.wish.intent != turn.intent:
        return False
    numbers = kept.wish.waybills
    same = bool(numbers & set(turn.waybills)) if numbers else not kept.wish.other_parcel
    return same and not _is_in_vain(turn, reply)


def _is_taken_up(turn: Turn) -> bool:
    """Whether the turn is about a remembered wish rather than about its message."""
    return (turn.slot("taken_up") or {}).get("message_id") == turn.message_id


def _is_in_vain(turn: Turn, reply: Reply) -> bool:
    """Whether the form could only ask its question once more."""
    slot = turn.requested
    if slot is None:
        return False
    before, after = turn.slot("asked") or {}, reply.slots.get("asked")
    return after is None or after.get(slot, 1) > before.get(slot, 1)


def _goes_on(turn: Turn, reply: Reply) -> bool:
    """Whether a form waits for an answer after this reply."""
    return bool(reply.slots.get("requested_slot", turn.requested))


def _asks(reply: Reply) -> bool:
    return any(sentence.response in _ASKING for sentence in reply.sentences)


def _intents_of_form(turn: Turn, reply: Reply) -> set[str]:
    """The wishes that the report in the making stands for."""
    kind = reply.slots.get("kind") if _goes_on(turn, reply) else None
    return set(kind_of(kind).intents) if kind else set()


def _intents_of_answer(turn: Turn) -> set[str]:
    """The wishes that only repeat what the report is about that the message answers."""
    kind = turn.slot("kind") if turn.form == "report_form" and turn.requested else None
    return set(kind_of(kind).intents) if kind else set()


def _other_parcels(turn: Turn, reply: Reply) -> list[Wish]:
    """A report is about one parcel; the other numbers in its first message are reports to come."""
    kind = reply.slots.get("kind")
    first = reply.slots.get("waybill_no")
    if turn.requested or not kind or first not in turn.waybills or not kind_of(kind).parcel:
        return []
    numbers = [e for e in turn.entities if e.name == "waybill_no" and e.value != first]
    return [_report_of(turn, kind, each) for each in dict.fromkeys(numbers)]


def _report_of(turn: Turn, kind: str, number: Entity) -> Wish:
    """The same report about another parcel of the message: the words, and this number alone."""
    text = turn.text
    for each in turn.entities:
        if each.name == "waybill_no" and each.spoken:
            text = text.replace(each.spoken, "")
    words = f"{text.strip(_ROUND_A_WISH)} {number.value}".strip()
    return Wish(kind_of(kind).intents[0], words, (number,), other_parcel=True)


def _with_parcel(turn: Turn, reply: Reply) -> Reply:
    """The parcel of this message is the parcel of the wishes that name none."""
    number = next(iter(turn.waybills), None)
    if number is None or reply.slots.get("waybill_no") or turn.slot("waybill_no"):
        return reply
    return reply + remember(waybill_no=number)


def _noted(turn: Turn, reply: Reply, queue: list[Kept]) -> Reply:
    """The reply with the new wishes named: before its question, once the matter is introduced."""
    new = [each.wish for each in queue if not each.noted]
    kept = remember(next_wishes=[replace(each, noted=True).as_slot() for each in queue])
    if not new:
        return reply + kept
    named = "".join(f"「{quoted(wish)}」" for wish in new)
    place = len(reply.sentences) - (0 if _introduces(turn, reply) else 1)
    note = say("say_wishes_noted", wishes=named).sentences
    told, question = reply.sentences[:place], reply.sentences[place:]
    return replace(reply, sentences=(*told, *note, *question)) + kept


def _introduces(turn: Turn, reply: Reply) -> bool:
    """Whether the last sentence is the first to speak of the matter."""
    begins = turn.requested is None
    return begins and (len(reply.sentences) < 2 or reply.sentences[-1].response in _OPENING)


def _taking_up(turn: Turn, reply: Reply, queue: list[Kept]) -> Reply:
    first, *rest = queue
    told = tuple(each for each in reply.sentences if each.response not in _FILLING)
    is_all_that_is_left = not told and first.message_id == turn.message_id
    lead = Reply() if is_all_that_is_left else say("say_next_wish", wish=quoted(first.wish))
    kept = remember(
        next_wishes=[each.as_slot() for each in rest] or None,
        taken_up={"message_id": turn.message_id, "wish": first.wish.as_slot()},
    )
    return replace(reply, sentences=told) + lead + kept + go_to(TAKE_UP)
