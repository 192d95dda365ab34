"""What all forms have in common: counting vain questions, small talk, leaving."""

from collections.abc import Mapping

from actions.backend import Backend
from actions.backend_answers import HandoffReason
from actions.faq import topic_for
from actions.handoff import hand_off
from actions.kinds import kinds_by_intent
from actions.offers import offer_person
from actions.reply import Reply, ask_for, end_form, go_to, remember, say
from actions.turn import Turn

MOST_ASKED = 2
MOST_BESIDE = 2
MOST_QUESTIONS = 5
_BESIDE = "beside"
_QUESTIONS = "questions"
BESIDE_THE_POINT = frozenset({"chitchat", "out_of_scope"})

SMALL_TALK = {
    "greet": "say_greet_in_form",
    "thanks": "say_thanks_in_form",
    "chitchat": "say_chitchat_in_form",
    "out_of_scope": "say_out_of_scope_in_form",
}

REPORTED_KINDS = kinds_by_intent()

# Messages that mean something else than the form, and the action that takes them.
_OTHER_WISHES: Mapping[str, str] = {
    "track_parcel": "track_form",
    "notify_me_later": "action_promise_news",
    "report_problem": "action_ask_kind",
    "ticket_status": "progress_form",
    "withdraw_complaint": "action_withdraw",
    "provide_evidence": "action_take_evidence",
    "escalate": "action_escalate",
}
_BEGINNERS = {"courier_contact": "action_courier_contact"}


def other_wish(turn: Turn) -> str | None:
    """The action for a message that wants something else than a form; questions want nothing."""
    if turn.intent in _OTHER_WISHES:
        return _OTHER_WISHES[turn.intent]
    topic = topic_for(turn.intent, turn.text)
    if topic is None:
        return "report_form" if turn.intent in REPORTED_KINDS else None
    begins = topic.begins(turn.text)
    return _BEGINNERS.get(turn.intent, "action_answer") if begins else None


def ask_again(turn: Turn, slot: str, question: str | Reply) -> Reply:
    """Ask once more for what was not answered; after that a person is offered and the form ends."""
    asked = {**(turn.slot("asked") or {})}
    asked[slot] = asked.get(slot, 1) + 1
    if asked[slot] > MOST_ASKED:
        return offer_person(turn) + end_form()
    again = say(question) if isinstance(question, str) else question
    return again + remember(asked=asked) + ask_for(slot)


def counted_beside(turn: Turn, told: Reply, question: Reply, slot: str) -> Reply:
    """What was told beside the form and its question again; too often, a person and the end."""
    asked = {**(turn.slot("asked") or {})}
    asked[_BESIDE] = asked.get(_BESIDE, 0) + 1
    if asked[_BESIDE] > MOST_BESIDE:
        return offer_person(turn) + end_form()
    return told + question + remember(asked=asked) + ask_for(slot)


def counted_question(turn: Turn, answer: Reply, question: Reply, slot: str) -> Reply:
    """A question beside the form is answered and the form goes on; after many, with a person."""
    asked = {**(turn.slot("asked") or {})}
    asked[_QUESTIONS] = asked.get(_QUESTIONS, 0) + 1
    if asked[_QUESTIONS] > MOST_QUESTIONS:
        return answer + offer_person(turn, "say_many_questions") + end_form()
    return answer + question + remember(asked=asked) + ask_for(slot)


def first_ask(turn: Turn, slot: str, question: Reply) -> Reply:
    """Ask for a slot, keeping count of what was asked before."""
    return question + remember(asked=turn.slot("asked") or {}) + ask_for(slot)


def leave_for(action: str) -> Reply:
    """End this form and let another action take the same message."""
    return end_form() + go_to(action)


def beside(turn: Turn, slot: str, question: Reply) -> Reply:
    """Small talk is answered, and the form goes on; chatter not for ever."""
    told = say(SMALL_TALK[turn.intent])
    if turn.intent in BESIDE_THE_POINT:
        return counted_beside(turn, told, question, slot)
    return first_ask(turn, slot, told + question)


async def leave_for_person(turn: Turn, backend: Backend) -> Reply:
    """A person was asked for in the middle of a form. Raises BackendError."""
    return await hand_off(turn, backend, HandoffReason.ASKED) + end_form()
