"""What all forms have in common: counting vain questions, small talk, leaving."""

from collections.abc import Mapping

from actions.backend import Backend
from actions.backend_answers import HandoffReason
from actions.handoff import hand_off
from actions.offers import offer_person
from actions.reply import Reply, ask_for, end_form, go_to, remember, say
from actions.turn import Turn

MOST_ASKED = 2
MOST_BESIDE = 2
_BESIDE = "beside"
BESIDE_THE_POINT = frozenset({"chitchat", "out_of_scope"})

SMALL_TALK = {
    "greet": "say_greet_in_form",
    "thanks": "say_thanks_in_form",
    "chitchat": "say_chitchat_in_form",
    "out_of_scope": "say_out_of_scope_in_form",
}

REPORTED_KINDS = {
    "report_damage": "damage",
    "report_delay": "delay",
    "report_misdelivery": "misdelivery",
    "report_lost": "lost",
    "signed_not_received": "signed_not_received",
    "urge_delivery": "urge",
    "complain_service": "complaint",
}

# Messages that mean something else than the form, and the action that takes them.
OTHER_WISHES: Mapping[str, str] = {
    "track_parcel": "track_form",
    "notify_me_later": "action_promise_news",
    "report_problem": "action_ask_kind",
    "ticket_status": "progress_form",
    **dict.fromkeys(REPORTED_KINDS, "report_form"),
}


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
