"""How a message fills in or changes a report that is being made. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from actions.form_talk import REPORTED_KINDS
from actions.labels import side_signs
from actions.parcel_news import REFUSED, proof_of
from actions.report_draft import Draft, described, says_enough
from actions.turn import Turn

Filled = Draft | None

_NOT_A_DESCRIPTION = frozenset(
    {
        "affirm",
        "greet",
        "thanks",
        "goodbye",
        "track_parcel",
        "ticket_status",
        "correct_info",
        "deny",
    }
)
_SHORTEST_DESCRIPTION = 2
_LONGEST_SIDE = 8
_SURE_OF_KIND = 0.7
_CORRECTS = {"correct_info", "provide_info"}


def with_waybill(draft: Draft, turn: Turn) -> Draft:
    """The draft about the parcel named in the message; digits of another parcel do not count."""
    waybill_no = turn.waybills[0]
    if waybill_no == draft.waybill_no:
        return draft
    return replace(
        draft,
        waybill_no=waybill_no,
        phone_tail=turn.digits or (None if draft.waybill_no else draft.phone_tail),
        proof=proof_of(turn, waybill_no),
        role=turn.entity("role") or draft.role,
    )


def fill_waybill(draft: Draft, turn: Turn) -> Filled:
    """A number in the message; digits that come before it are kept."""
    if turn.waybills:
        return with_waybill(draft, turn)
    return replace(draft, phone_tail=turn.digits) if turn.digits else None


def fill_digits(draft: Draft, turn: Turn) -> Filled:
    """Four digits, or a refusal, which is respected."""
    if turn.digits:
        return replace(draft, phone_tail=turn.digits)
    if turn.intent in {"cannot_provide", "deny"}:
        return replace(draft, proof=REFUSED)
    return None


def fill_role(draft: Draft, turn: Turn) -> Filled:
    """Receiver, sender, or neither."""
    if role := turn.entity("role") or _side(turn.text):
        return replace(draft, role=role)
    return replace(draft, role="other") if turn.intent == "cannot_provide" else None


def _side(text: str) -> str | None:
    """The side that a short answer to "receiver or sender" names by a single sign."""
    if len(text) > _LONGEST_SIDE:
        return None
    sides = [side for side, signs in side_signs().items() if set(signs) & set(text)]
    return sides[0] if len(sides) == 1 else None


def fill_description(draft: Draft, turn: Turn) -> Filled:
    """The customer's own words; a customer who cannot say more has said enough."""
    if turn.intent == "cannot_provide":
        return replace(draft, description=described("；".join(draft.words)))
    short = len(turn.text) < _SHORTEST_DESCRIPTION
    if short or turn.intent in _NOT_A_DESCRIPTION:
        return None
    return replace(draft, description=described(turn.text))


FILLERS: Mapping[str, Callable[[Draft, Turn], Filled]] = {
    "waybill_no": fill_waybill,
    "phone_tail": fill_digits,
    "role": fill_role,
    "description": fill_description,
}


WITHOUT: Mapping[str, Callable[[Draft], Draft]] = {
    "waybill_no": lambda draft: replace(draft, waybill_no=None, phone_tail=None, proof=None),
    "phone_tail": lambda draft: replace(draft, phone_tail=None, proof=None),
    "role": lambda draft: replace(draft, role=None),
    "description": lambda draft: replace(draft, description=None),
}


def other_kind(draft: Draft, turn: Turn) -> str | None:
    """The kind a message changes the report to.

    A long description changes nothing, nor does what answers the question or is hardly understood.
    """
    kind = REPORTED_KINDS.get(turn.intent)
    if kind in {None, draft.kind} or turn.confidence < _SURE_OF_KIND:
        return None
    if turn.requested == "description":
        return kind if len(turn.text) <= _LONGEST_SIDE else None
    filler = FILLERS.get(str(turn.requested))
    return kind if filler is None or filler(draft, turn) is None else None


def corrected(draft: Draft, turn: Turn) -> Filled:
    """The draft after "not this number but …" or with a part taken out to be asked again."""
    if turn.waybills and turn.waybills[0] != draft.waybill_no:
        return with_waybill(draft, turn)
    if _names_other_role(draft, turn):
        digits = fill_digits(draft, turn) if turn.requested == "phone_tail" else None
        return replace(digits or draft, role=turn.entity("role"))
    part = turn.entity("field") if turn.intent == "correct_info" else None
    return WITHOUT[part](draft) if part is not None and part in WITHOUT else None


def _names_other_role(draft: Draft, turn: Turn) -> bool:
    """Whether the message says on which side they are; a story may name the other side too."""
    if turn.requested == "role" or turn.entity("role") in {None, draft.role}:
        return False
    return turn.requested != "description" or draft.role is None or turn.intent in _CORRECTS


def with_story(draft: Draft, turn: Turn) -> Draft:
    """The draft with what a message tells besides its answer, so that it is not asked for."""
    tells = turn.intent in REPORTED_KINDS or turn.entity("item")
    if draft.description or not tells or not says_enough(draft.kind, turn):
        return draft
    return replace(draft, description=described(turn.text))
