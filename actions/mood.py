"""Customers who have had enough: one short apology, urgent tickets, a person at hand. Pure."""

from dataclasses import replace

from actions.backend_answers import HandoffReason
from actions.hearing import THREAT
from actions.offers import PERSON, offer_person, pending
from actions.reply import Reply, Sentence, remember, say
from actions.turn import Turn

HANDED_OFF = "say_handed_off"
_SORRY = {THREAT: "say_sorry_threat"}
_SORRY_ELSE = "say_sorry_anger"
_APOLOGISES_ITSELF = "say_escalated"
# Who says these of their own accord wants the form to go on, or no person.
_GOES_ON = frozenset({"affirm", "deny", "provide_info", "correct_info", "change_mind"})
# Too merry for somebody who is angry.
_MERRY = frozenset(
    {"utter_chitchat", "utter_out_of_scope", "say_what_next", "say_anything_else"}
    | {"say_chitchat_in_form", "say_out_of_scope_in_form", "say_nothing_else"}
)


def is_upset(turn: Turn) -> bool:
    """Whether the customer has been angry, or has threatened, in this conversation."""
    return bool(turn.mood or turn.slot("mood") or any(said.mood for said in turn.earlier))


def hand_off_reason(turn: Turn, reason: HandoffReason) -> HandoffReason:
    """Why people get the conversation: anger comes before all other reasons."""
    return HandoffReason.ANGER if is_upset(turn) else reason


def wants_out(turn: Turn) -> bool:
    """Whether somebody who was offered a person is still angry, and has not said no to it."""
    return bool(turn.mood) and pending(turn) == PERSON and turn.intent not in _GOES_ON


def soothed(turn: Turn, reply: Reply) -> Reply:
    """The reply to an angry message; the second in a row also puts a person at hand."""
    if not turn.mood or not reply.sentences:
        return reply
    answer = _without_merriment(_without_preface(reply))
    if _is_soothed(turn):
        return answer
    kept = remember(mood={"mood": worst_mood(turn), "message_id": turn.message_id})
    sorry = _SORRY.get(turn.mood, _SORRY_ELSE)
    apology = kept if _says(reply, _APOLOGISES_ITSELF) else kept + say(sorry)
    if _again(turn) and not _says(reply, HANDED_OFF) and not _offers_person(turn, reply):
        return _with_person(turn, apology, answer)
    return apology + answer


def _is_soothed(turn: Turn) -> bool:
    """Whether an action before this one has answered the anger of the same message."""
    return (turn.slot("mood") or {}).get("message_id") == turn.message_id


def worst_mood(turn: Turn) -> str | None:
    """Return the gravest mood the customer has shown: a threat before anger."""
    before = (turn.slot("mood") or {}).get("mood")
    return THREAT if THREAT in {turn.mood, before} else turn.mood


def _again(turn: Turn) -> bool:
    return bool(turn.earlier and turn.earlier[-1].mood)


def _with_person(turn: Turn, apology: Reply, answer: Reply) -> Reply:
    """A question where the bot has finished, a word in passing where it asks something itself."""
    goes_on = answer.followup or answer.slots.get("requested_slot", turn.requested)
    if not goes_on:
        return apology + answer + offer_person(turn, "say_offer_person_upset")
    return apology + offer_person(turn, "say_person_at_hand") + answer


def _offers_person(turn: Turn, reply: Reply) -> bool:
    offer = reply.slots.get("offer") or {}
    return offer.get("what") == PERSON and offer.get("message_id") == turn.message_id


def _says(reply: Reply, response: str) -> bool:
    return any(sentence.response == response for sentence in reply.sentences)


def _without_merriment(reply: Reply) -> Reply:
    """Instead of a merry word the matter is asked for, unless something else is said anyway."""
    serious = tuple(each for each in reply.sentences if each.response not in _MERRY)
    return replace(reply, sentences=serious or say("say_upset_what").sentences)


def _without_preface(reply: Reply) -> Reply:
    """A form opens with a few kind words before its first comma; the apology takes their place."""
    return replace(reply, sentences=tuple(map(_straight, reply.sentences)))


def _straight(sentence: Sentence) -> Sentence:
    opening = str(sentence.variables.get("opening") or "")
    if "，" not in opening:
        return sentence
    straight = opening.split("，", 1)[1]
    return replace(sentence, variables={**sentence.variables, "opening": straight})
