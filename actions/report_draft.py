"""A report as far as it is known, and what it still lacks. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from actions.form_talk import REPORTED_KINDS
from actions.parcel_news import proof_of
from actions.turn import FALLBACK, Turn

WITHOUT_DESCRIPTION = frozenset({"delay", "urge"})
MOST_WORDS = 20
LONGEST_DESCRIPTION = 500

# From how many characters on a first message says enough about what happened.
ENOUGH_CHARACTERS: Mapping[str, int] = {
    "damage": 12,
    "misdelivery": 9,
    "lost": 9,
    "signed_not_received": 6,
    "complaint": 8,
}
ENOUGH_WITH_ITEM = 4


@dataclass(frozen=True)
class Draft:
    """What the form has gathered; None is what is not known yet."""

    kind: str
    waybill_no: str | None = None
    phone_tail: str | None = None
    proof: str | None = None
    role: str | None = None
    description: str | None = None
    words: tuple[str, ...] = ()

    @classmethod
    def remembered(cls, turn: Turn) -> "Draft":
        """The draft in the slots."""
        waybill_no = turn.slot("waybill_no")
        return cls(
            kind=turn.slot("kind") or "complaint",
            waybill_no=waybill_no,
            phone_tail=turn.slot("phone_tail"),
            proof=proof_of(turn, waybill_no),
            role=turn.slot("role"),
            description=turn.slot("description"),
            words=tuple(turn.slot("words") or ()),
        )

    @property
    def missing(self) -> str:
        """The slot to ask for next; `confirmed` when everything is there."""
        wanted = (
            ("waybill_no", self.waybill_no),
            ("phone_tail", self.phone_tail or self.proof),
            ("role", self.role),
            ("description", self.description or self.kind in WITHOUT_DESCRIPTION),
        )
        return next((slot for slot, known in wanted if not known), "confirmed")

    def slots(self) -> dict[str, Any]:
        """The draft as slots."""
        return {
            "kind": self.kind,
            "waybill_no": self.waybill_no,
            "phone_tail": self.phone_tail,
            "role": self.role,
            "description": self.description,
            "words": list(self.words[-MOST_WORDS:]),
        }


_FORGOTTEN = ("kind", "phone_tail", "role", "description", "confirmed", "words")


def settled(turn: Turn) -> dict[str, Any]:
    """Slots of a report that is over: nothing of it slips into the next one."""
    return {**dict.fromkeys(_FORGOTTEN), "settled": turn.message_id}


def says_enough(kind: str, turn: Turn) -> bool:
    """Whether a message tells what happened rather than only that something did."""
    length = len(turn.text) - sum(len(number) for number in turn.waybills)
    if turn.entity("item") and length >= ENOUGH_WITH_ITEM:
        return True
    return length >= ENOUGH_CHARACTERS.get(kind, LONGEST_DESCRIPTION)


def begun(turn: Turn) -> Draft:
    """The draft that a first message makes."""
    kind = REPORTED_KINDS.get(turn.intent, "complaint")
    waybill_no = next(iter(turn.waybills), None) or turn.slot("waybill_no")
    before = turn.earlier_since(turn.slot("settled"))[-2:]
    return Draft(
        kind=kind,
        waybill_no=waybill_no,
        phone_tail=turn.sure_digits,
        proof=proof_of(turn, waybill_no),
        role=turn.entity("role"),
        description=described(turn.text) if says_enough(kind, turn) else None,
        words=(*(said.text for said in before if _tells(said.intent)), turn.text),
    )


def with_words(draft: Draft, turn: Turn) -> Draft:
    """The draft with this message among the customer's words, when it tells something."""
    told = _tells(turn.intent) and not (turn.intent == FALLBACK and turn.entities)
    if turn.requested != "description" and not told:
        return draft
    return replace(draft, words=(*draft.words, turn.text))


def _tells(intent: str) -> bool:
    return intent in REPORTED_KINDS or intent == FALLBACK


def described(text: str) -> str:
    """A description of a length that ticketing takes."""
    return text.strip()[:LONGEST_DESCRIPTION]
