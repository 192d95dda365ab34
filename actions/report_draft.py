"""A report as far as it is known, and what it still lacks. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from actions.beginning import beginning
from actions.details import PARTS, noted
from actions.kinds import COMPLAINT, Kind, kind_of, kinds_by_intent
from actions.labels import signs
from actions.parcel_news import proof_of
from actions.turn import FALLBACK, FREE_WORDS, SURE, Turn

MOST_WORDS = 20
LONGEST_DESCRIPTION = 500
ENOUGH_WITH_ITEM = 4
_GAP = re.compile(r"[，。；;\s]+|,(?!\d)")
_BEFORE_DIGITS = "(?:我的?)?(?:手机|手機|电话|電話)?号?(?:的?(?:尾号|尾號|[后後]四位))?[是:：]?"
_NOTHING = re.compile("(?!)")
_MARK = 0xE000  # private signs stand for the numbers while the text is cut


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
    details: Mapping[str, str] = field(default_factory=dict)
    urgent: bool = False

    @classmethod
    def remembered(cls, turn: Turn) -> "Draft":
        """The draft in the slots."""
        return cls.of(turn, turn.slots)

    @classmethod
    def of(cls, turn: Turn, slots: Mapping[str, Any]) -> "Draft":
        """The draft that was kept as these slots."""
        kind = slots.get("kind") or COMPLAINT
        waybill_no = slots.get("waybill_no") if kind_of(kind).parcel else None
        return cls(
            kind=kind,
            waybill_no=waybill_no,
            phone_tail=slots.get("phone_tail"),
            proof=proof_of(turn, waybill_no),
            role=slots.get("role"),
            description=slots.get("description"),
            words=tuple(slots.get("words") or ()),
            details=slots.get("details") or {},
            urgent=bool(slots.get("urgent")),
        )

    @property
    def facts(self) -> Kind:
        """What its kind asks."""
        return kind_of(self.kind)

    @property
    def missing(self) -> str:
        """The slot to ask for next; `confirmed` when everything is there."""
        return next((slot for slot in self.facts.wants if not self.has(slot)), "confirmed")

    def has(self, slot: str) -> bool:
        """Whether this slot needs no asking."""
        if slot in PARTS:
            return slot in self.details
        return bool(getattr(self, slot) or (slot == "phone_tail" and self.proof))

    def asks_for(self, slot: str) -> bool:
        """Whether its kind wants this slot."""
        return slot in self.facts.wants

    def noting(self, facts: Mapping[str, str]) -> "Draft":
        """The draft with these facts, over what was known."""
        return replace(self, details={**self.details, **facts})

    def slots(self) -> dict[str, Any]:
        """The draft as slots; a report without a parcel leaves the conversation its parcel."""
        parcel = {"waybill_no": self.waybill_no} if self.facts.parcel else {}
        return {
            "kind": self.kind,
            **parcel,
            "phone_tail": self.phone_tail,
            "role": self.role,
            "description": self.description,
            "words": list(self.words[-MOST_WORDS:]),
            "details": dict(self.details),
            "urgent": self.urgent,
        }


_FORGOTTEN = ("kind", "phone_tail", "role", "description", "confirmed", "words", "details")


def settled(turn: Turn) -> dict[str, Any]:
    """Slots of a report that is over: nothing of it slips into the next one."""
    return {**dict.fromkeys(_FORGOTTEN), "urgent": None, "settled": turn.message_id}


def says_enough(kind: str, turn: Turn) -> bool:
    """Whether a message tells what happened rather than only that something did."""
    facts = kind_of(kind)
    if facts.told_by:
        return bool(noted(turn, facts.told_by))
    length = len(turn.text) - sum(len(number) for number in turn.waybills)
    if turn.entity("item") and length >= ENOUGH_WITH_ITEM and not facts.service:
        return True
    return length >= facts.enough


def proving_digits(kind: str, turn: Turn) -> str | None:
    """Digits that can only be there to prove the parcel: a new phone number proves nothing."""
    facts = kind_of(kind)
    if "phone_tail" not in facts.wants:
        return None
    if "phone" not in facts.told_by:
        return turn.sure_digits
    sure = (e.value for e in turn.entities if e.name == "phone_tail" and e.confidence >= SURE)
    return next(sure, None)


def begun(turn: Turn, known: Mapping[str, Any] | None = None) -> Draft:
    """The draft that a first message makes; `known` as in `beginning`."""
    known = known or beginning(turn)
    if "draft" in known:
        kept = Draft.of(turn, known["draft"])
        return replace(kept, role=kept.role or role_of(turn, kept.waybill_no))
    kind = str(known["kind"])
    facts = kind_of(kind)
    waybill_no = next(iter(turn.waybills), None) or turn.slot("waybill_no")
    waybill_no = waybill_no if facts.parcel else None
    return Draft(
        kind=kind,
        waybill_no=waybill_no,
        phone_tail=proving_digits(kind, turn),
        proof=proof_of(turn, waybill_no),
        role=turn.entity("role") or role_of(turn, waybill_no),
        description=known.get("description") or _told_at_once(known, turn),
        words=_words_before(turn),
        details=noted(turn, facts.details),
        urgent=bool(known.get("urgent") or turn.slot("urgent")),
    )


def role_of(turn: Turn, waybill_no: str | None) -> str | None:
    """On which side of this parcel the customer is, as a report before has heard."""
    return (turn.slot("roles") or {}).get(waybill_no)


def _told_at_once(known: Mapping[str, Any], turn: Turn) -> str | None:
    told = says_enough(known["kind"], turn) and len(turn.text) >= known.get("enough", 0)
    told_by = kind_of(known["kind"]).told_by
    words = in_words(turn, noted(turn, told_by)) if told_by else story(turn)
    return words if told else None


def _words_before(turn: Turn) -> tuple[str, ...]:
    """What the customer has told so far; a bare yes or number tells nothing."""
    before = turn.earlier_since(turn.slot("settled"))[-2:]
    now = () if turn.intent in {"affirm", "provide_info"} else (turn.text,)
    return (*(said.text for said in before if tells(said.intent)), *now)


def with_words(draft: Draft, turn: Turn) -> Draft:
    """The draft with this message among the customer's words, when it tells something."""
    told = tells(turn.intent) and not (turn.intent == FALLBACK and turn.entities)
    if turn.requested not in FREE_WORDS and not told:
        return draft
    return replace(draft, words=(*draft.words, turn.text))


def tells(intent: str) -> bool:
    """Whether messages of this intent tell something of what happened."""
    return intent in kinds_by_intent() or intent == FALLBACK


def story(turn: Turn) -> str:
    """The customer's words without the numbers, and the side, that were said along with them."""
    numbers = [e.spoken for e in turn.entities if e.name == "waybill_no" and e.spoken]
    digits = [re.escape(e.spoken) for e in turn.entities if e.name == "phone_tail" and e.spoken]
    if not (numbers or digits):
        return described(turn.text)
    text = turn.text
    for place, number in enumerate(numbers):
        text = text.replace(number, chr(_MARK + place))
    marks = "".join(chr(_MARK + place) for place in range(len(numbers)))
    tail = re.compile(f"{_BEFORE_DIGITS}(?:{'|'.join(digits)})$") if digits else _NOTHING
    parts = (tail.sub("", part.strip(marks)) for part in _GAP.split(text))
    told = "，".join(part for part in parts if part and not _is_side(part, turn.spoken("role")))
    for place, number in enumerate(numbers):
        told = told.replace(chr(_MARK + place), number)
    return described(told or turn.text)


def in_words(turn: Turn, facts: Mapping[str, str]) -> str:
    """A wish as the customer reads it again: a time with its date, else their own words."""
    if facts.keys() == {"time"}:
        return facts["time"]
    words = story(turn)
    lead = next((sign for sign in signs("correction") if words.startswith(sign)), "")
    return words.removeprefix(lead)


def _is_side(part: str, role: str | None) -> bool:
    """Whether a part of a message only says on which side they are."""
    return bool(role) and part.startswith(str(role)) and len(part) <= len(str(role)) + 1


def described(text: str) -> str:
    """A description of a length that ticketing takes."""
    return text.strip()[:LONGEST_DESCRIPTION]
