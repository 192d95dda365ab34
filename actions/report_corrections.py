"""How a message changes a report that is being made: a part of it, or what it is about. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from actions.details import PARTS, is_whole_address, noted
from actions.digressions import TRACKING
from actions.faq import topic_for
from actions.kinds import kind_of, kinds_by_intent
from actions.labels import part_changes, part_words, signs
from actions.report_answers import (
    FILLERS,
    LONGEST_SIDE,
    Filled,
    fill_digits,
    with_waybill,
)
from actions.report_draft import Draft, described, in_words
from actions.turn import Turn

_SURE_OF_KIND = 0.7
_CORRECTS = {"correct_info", "provide_info"}
_SHORTEST_CORRECTION = 2
_BARE_SIDE = 2  # 收件, 寄件


def _without_part(part: str) -> Callable[[Draft], Draft]:
    def without(draft: Draft) -> Draft:
        return replace(draft, details={k: v for k, v in draft.details.items() if k != part})

    return without


WITHOUT: Mapping[str, Callable[[Draft], Draft]] = {
    "waybill_no": lambda draft: replace(draft, waybill_no=None, phone_tail=None, proof=None),
    "phone_tail": lambda draft: replace(draft, phone_tail=None, proof=None),
    "role": lambda draft: replace(draft, role=None),
    "description": lambda draft: replace(draft, description=None),
    **{part: _without_part(part) for part in PARTS},
}


def corrected(draft: Draft, turn: Turn) -> Filled:
    """The draft after "not this number but …" or with a part taken out to be asked again."""
    if _names_other_parcel(draft, turn):
        return with_waybill(draft, turn)
    if _names_other_role(draft, turn):
        digits = fill_digits(draft, turn) if turn.requested == "phone_tail" else None
        return replace(digits or draft, role=turn.entity("role"))
    renewed = _renewed(draft, turn)
    if renewed is not None or turn.intent != "correct_info":
        return renewed
    part = named_part(draft, turn)
    return WITHOUT[part](draft) if part is not None and part != turn.requested else None


def _names_other_parcel(draft: Draft, turn: Turn) -> bool:
    """A question about another parcel is a question, not a correction."""
    if not (draft.facts.parcel and turn.waybills) or turn.intent in TRACKING:
        return False
    return turn.waybills[0] != draft.waybill_no


def _names_other_role(draft: Draft, turn: Turn) -> bool:
    """Whether the message says on which side they are; a story may name the other side too."""
    if "role" not in draft.facts.wants or turn.requested == "role":
        return False
    if turn.entity("role") in {None, draft.role}:
        return False
    return turn.requested != "description" or draft.role is None or turn.intent in _CORRECTS


def _renewed(draft: Draft, turn: Turn) -> Filled:
    """The draft with a fact said anew, where one was known and nothing else was asked."""
    own = draft.facts.told_by or draft.facts.wants
    known = [part for part in own if _is_known(draft, part) and part != turn.requested]
    instead = _said_instead(turn, known)
    own_words = {"correct_info", *draft.facts.intents}
    corrects = _CORRECTS | own_words if turn.requested == "confirmed" else own_words
    if turn.intent not in corrects and not any(_is_named(part, turn.text) for part in instead):
        return None
    facts = noted(turn, tuple(known)) or instead
    if not facts or all(draft.details.get(part) == value for part, value in facts.items()):
        return None
    renewed = draft.noting(facts)
    told = in_words(turn, facts)
    said = told if facts.keys() == {"time"} else next(iter(instead.values()), told)
    return replace(renewed, description=described(said)) if draft.facts.told_by else renewed


def _is_known(draft: Draft, part: str) -> bool:
    return draft.has("description") if part in draft.facts.told_by else draft.has(part)


def _said_instead(turn: Turn, known: list[str]) -> dict[str, str]:
    """The words after "it should be", for the part that the message names."""
    if turn.waybills or turn.entity("phone_tail"):
        return {}
    after = [turn.text.rsplit(sign, 1)[1] for sign in signs("correction") if sign in turn.text]
    value = min(after, key=len, default="").strip(" ，。：:,.")
    named = next((part for part in known if _is_named(part, turn.text)), None)
    part = named or ("address" if "address" in known and is_whole_address(value) else None)
    return {part: value} if part in PARTS and len(value) >= _SHORTEST_CORRECTION else {}


def _is_named(part: str, text: str) -> bool:
    return any(word in text for word in part_words().get(part, ()))


def named_part(draft: Draft, turn: Turn) -> str | None:
    """The part of the report that a message wants changed, if it says which."""
    if turn.text == draft.facts.change:
        return "description"
    by_sentence = {sentence: part for part, sentence in part_changes().items()}
    if turn.text in by_sentence:
        return by_sentence[turn.text]
    if any(_is_named(part, turn.text) for part in draft.facts.told_by):
        return "description"
    field = turn.entity("field")
    if field in draft.facts.wants:
        return field
    asked = [part for part in draft.facts.wants if part in PARTS]
    return next((part for part in asked if _is_named(part, turn.text)), None)


def wished_kind(turn: Turn) -> str | None:
    """The kind of report that a message begins; a question with an answer begins none."""
    own = kinds_by_intent().get(turn.intent)
    topic = topic_for(turn.intent, turn.text) if own else None
    return topic.begins(turn.text) if topic else own


def other_kind(draft: Draft, turn: Turn) -> str | None:
    """The kind a message changes the report to.

    A long description changes nothing, nor does what answers the question or is hardly understood.
    """
    kind = wished_kind(turn)
    if kind is None or kind == draft.kind or turn.confidence < _SURE_OF_KIND:
        return None
    if turn.requested == "description" or turn.requested in PARTS:
        return kind if len(turn.text) <= LONGEST_SIDE else None
    filler = FILLERS.get(str(turn.requested))
    answers = filler is not None and filler(draft, turn) is not None
    if turn.requested == "role" and kind_of(kind).service:
        answers = turn.entity("role") is not None or len(turn.text) <= _BARE_SIDE
    return None if answers else kind
