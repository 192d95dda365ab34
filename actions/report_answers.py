"""How a message fills in or changes a report that is being made. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from actions.form_talk import REPORTED_KINDS
from actions.parcel_news import REFUSED, proof_of
from actions.report_draft import Draft, described
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


def with_waybill(draft: Draft, turn: Turn) -> Draft:
    """The draft about the parcel named in the message; digits of another parcel do not count."""
    waybill_no = turn.waybills[0]
    if waybill_no == draft.waybill_no:
        return draft
    return replace(
        draft,
        waybill_no=waybill_no,
        phone_tail=turn.sure_digits,
        proof=proof_of(turn, waybill_no),
        role=draft.role or turn.entity("role"),
    )


def fill_waybill(draft: Draft, turn: Turn) -> Filled:
    """A number in the message."""
    return with_waybill(draft, turn) if turn.waybills else None


def fill_digits(draft: Draft, turn: Turn) -> Filled:
    """Four digits, or a refusal, which is respected."""
    if turn.digits:
        return replace(draft, phone_tail=turn.digits)
    if turn.intent in {"cannot_provide", "deny"}:
        return replace(draft, proof=REFUSED)
    return None


def fill_role(draft: Draft, turn: Turn) -> Filled:
    """Receiver, sender, or neither."""
    if role := turn.entity("role"):
        return replace(draft, role=role)
    return replace(draft, role="other") if turn.intent == "cannot_provide" else None


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
    """The kind a message changes the report to; a long description changes nothing."""
    kind = REPORTED_KINDS.get(turn.intent)
    if kind in {None, draft.kind} or (turn.requested == "description" and len(turn.text) > 8):
        return None
    return kind


def corrected(draft: Draft, turn: Turn) -> Filled:
    """The draft after "not this number but …" or with a part taken out to be asked again."""
    if turn.waybills and turn.waybills[0] != draft.waybill_no:
        return with_waybill(draft, turn)
    if turn.requested != "role" and (role := turn.entity("role")) and role != draft.role:
        return replace(draft, role=role)
    part = turn.entity("field") if turn.intent == "correct_info" else None
    return WITHOUT[part](draft) if part is not None and part in WITHOUT else None
