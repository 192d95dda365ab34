"""How a message fills in a report that is being made. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from actions.details import PARTS, noted, told, typed
from actions.kinds import kinds_by_intent
from actions.labels import has_sign, side_signs, signs
from actions.parcel_news import REFUSED, proof_of
from actions.report_draft import Draft, described, in_words, role_of, says_enough, story
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
LONGEST_SIDE = 8
LONGEST_NOD = 6


def with_waybill(draft: Draft, turn: Turn) -> Draft:
    """The draft about the parcel named in the message; digits of another parcel do not count."""
    waybill_no = turn.waybills[0]
    if waybill_no == draft.waybill_no:
        return draft
    return replace(
        draft,
        waybill_no=waybill_no,
        phone_tail=_digits(draft, turn) or (None if draft.waybill_no else draft.phone_tail),
        proof=proof_of(turn, waybill_no),
        role=turn.entity("role") or draft.role or role_of(turn, waybill_no),
    )


def _digits(draft: Draft, turn: Turn) -> str | None:
    """Digits beside a number; a phone number may be what is to be changed, and proves nothing."""
    is_new = "phone" in draft.facts.told_by and turn.entity("phone")
    return turn.entity("phone_tail") if is_new else turn.digits


def fill_waybill(draft: Draft, turn: Turn) -> Filled:
    """A number in the message; digits that come before it are kept."""
    if turn.waybills:
        return with_waybill(draft, turn)
    digits = _digits(draft, turn)
    return replace(draft, phone_tail=digits) if digits else None


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
    if len(text) > LONGEST_SIDE:
        return None
    sides = [side for side, chars in side_signs().items() if set(chars) & set(text)]
    return sides[0] if len(sides) == 1 else None


def fill_description(draft: Draft, turn: Turn) -> Filled:
    """The customer's own words; who cannot say more of a trouble has said enough."""
    facts = noted(turn, draft.facts.told_by)
    if facts:
        return replace(draft.noting(facts), description=in_words(turn, facts))
    if turn.intent == "cannot_provide":
        said = None if draft.facts.told_by else described("；".join(draft.words))
        return replace(draft, description=said) if said else None
    if len(turn.text) < _SHORTEST_DESCRIPTION or turn.intent in _NOT_A_DESCRIPTION:
        return None
    return replace(draft, description=story(turn))


def _fill_part(part: str) -> Callable[[Draft, Turn], Filled]:
    """A part of a report is told by its entity, or by the words that answer its question.

    For goods the words come first: "two books, one kilo" says more than "books".
    """

    def fill(draft: Draft, turn: Turn) -> Filled:
        answers = turn.intent not in _NOT_A_DESCRIPTION | {"cannot_provide"}
        own_words = typed(turn, part) if answers else None
        value = own_words or told(turn, part) if part == "item" else told(turn, part) or own_words
        return draft.noting({part: value}) if value else None

    return fill


FILLERS: Mapping[str, Callable[[Draft, Turn], Filled]] = {
    "waybill_no": fill_waybill,
    "phone_tail": fill_digits,
    "role": fill_role,
    "description": fill_description,
    **{part: _fill_part(part) for part in PARTS},
}


def is_nod(draft: Draft, turn: Turn) -> bool:
    """Whether a few words are a yes to the summary: 就这样, or the wish again (好 拦, 改吧)."""
    if turn.requested != "confirmed" or turn.entities or len(turn.text) > LONGEST_NOD:
        return False
    agrees = turn.text.startswith(signs("agreement")) or turn.text.endswith("吧")
    return has_sign("enough_said", turn.text) or (agrees and turn.intent in draft.facts.intents)


def with_notes(draft: Draft, turn: Turn) -> Draft:
    """The draft with facts that a message tells unasked; what is known already stays."""
    found = noted(turn, draft.facts.details)
    if (turn.spoken("time") or turn.text) in draft.details.get("address", ""):
        found.pop("time", None)
    return replace(draft, details={**found, **draft.details})


def with_wish(draft: Draft, turn: Turn) -> Draft:
    """The draft with what the customer wishes, told when something else was asked."""
    facts = noted(turn, draft.facts.told_by)
    if draft.description or not facts:
        return draft
    return replace(draft.noting(facts), description=in_words(turn, facts))


def with_more(draft: Draft, turn: Turn) -> Draft:
    """The draft with more of the story; a wish that is said again replaces what it was."""
    if draft.facts.told_by:
        return replace(draft, description=in_words(turn, noted(turn, draft.facts.told_by)))
    return replace(draft, description=described(f"{draft.description}；{story(turn)}"))


def with_story(draft: Draft, turn: Turn) -> Draft:
    """The draft with what a message tells besides its answer, so that it is not asked for."""
    tells = turn.intent in kinds_by_intent() or turn.entity("item") or draft.facts.told_by
    if draft.description or not tells or not says_enough(draft.kind, turn):
        return draft
    return replace(draft, description=story(turn))
