"""What a customer's message holds: words, things found in them, and further wishes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions.faq import is_question
from actions.labels import signs

FALLBACK = "nlu_fallback"
PERSON = "talk_to_human"
MOOD = "mood"
ANGER, THREAT = "anger", "threat"

# What belongs to the whole message, wherever it stands, unless the rest has its own.
_SHARED = frozenset(
    {"waybill_no", "waybill_like", "ticket_no", "phone", "phone_tail", "role", "carrier"}
)
_ROUND_A_PART = " \t\n，,。.；;、！!？?~～…"


@dataclass(frozen=True)
class Entity:
    """Something found in the text; `value` is normalised, `spoken` the customer's own words."""

    name: str
    value: str
    confidence: float
    spoken: str = ""


@dataclass(frozen=True)
class Wish:
    """A wish beside the main one of a message, in the customer's words.

    Tickets of the intents `covered_by` make it needless. `other_parcel`: it is not about the
    parcel in question; which one it is about its own entities say, or nobody has said yet.
    """

    intent: str
    text: str
    entities: tuple[Entity, ...] = ()
    covered_by: tuple[str, ...] = ()
    other_parcel: bool = False

    @classmethod
    def remembered(cls, kept: Mapping[str, Any]) -> "Wish":
        """The wish that `as_slot` kept."""
        return cls(
            intent=kept["intent"],
            text=kept["text"],
            entities=tuple(Entity(**each) for each in kept.get("entities") or ()),
            covered_by=tuple(kept.get("covered_by") or ()),
            other_parcel=bool(kept.get("other_parcel")),
        )

    def as_slot(self) -> dict[str, Any]:
        """The wish as JSON."""
        return {
            **vars(self),
            "entities": [vars(each) for each in self.entities],
            "covered_by": list(self.covered_by),
        }

    @property
    def waybills(self) -> frozenset[str]:
        """The numbers it names."""
        return frozenset(e.value for e in self.entities if e.name.startswith("waybill_"))


@dataclass(frozen=True)
class Heard:
    """The main wish of a message, and the others; `mood` is that of the whole message."""

    text: str
    intent: str
    entities: tuple[Entity, ...]
    wishes: tuple[Wish, ...] = ()
    mood: str | None = None


@dataclass(frozen=True)
class _Placed:
    entity: Entity
    start: int
    end: int

    def lies_in(self, wish: Mapping[str, Any]) -> bool:
        return int(wish["start"]) <= self.start and self.end <= int(wish["end"])


def heard(message: Mapping[str, Any], *, in_own_words: bool = False) -> Heard:
    """Read Rasa's parse of a message; missing parts are empty.

    `in_own_words`: it answers a question in free words, so that a part is a wish of its own only
    where it asks something, adds something, or calls for a person.
    """
    text = str(message.get("text") or "")
    placed = [_placed(raw, text) for raw in message.get("entities") or ()]
    found = [each for each in placed if each.entity.name != MOOD]
    wishes = [
        each
        for each in message.get("wishes") or ()
        if text[each["start"] : each["end"]]
        and not (in_own_words and _belongs_to_answer(each, text))
    ]
    return Heard(
        text=_without(wishes, text),
        intent=(message.get("intent") or {}).get("name") or FALLBACK,
        entities=_of_main(wishes, found),
        wishes=tuple(_wish(each, text, found) for each in wishes),
        mood=mood_of(message),
    )


def mood_of(message: Mapping[str, Any]) -> str | None:
    """`threat`, `anger` or None."""
    moods = {raw["value"] for raw in message.get("entities") or () if raw["entity"] == MOOD}
    return next((mood for mood in (THREAT, ANGER) if mood in moods), None)


def _placed(raw: Mapping[str, Any], text: str) -> _Placed:
    start, end = int(raw.get("start") or 0), int(raw.get("end") or 0)
    sure = float(raw.get("confidence_entity") or 1.0)
    return _Placed(Entity(raw["entity"], str(raw["value"]), sure, text[start:end]), start, end)


def _belongs_to_answer(raw: Mapping[str, Any], text: str) -> bool:
    """Whether a part only goes on with what the customer is telling."""
    part = text[raw["start"] : raw["end"]].strip(_ROUND_A_PART)
    stands_alone = raw["intent"] == PERSON or not raw.get("covered_by")
    return not (stands_alone or is_question(part) or part.startswith(signs("leading_words")))


def _wish(raw: Mapping[str, Any], text: str, found: Sequence[_Placed]) -> Wish:
    return Wish(
        intent=str(raw["intent"]),
        text=text[raw["start"] : raw["end"]].strip(_ROUND_A_PART),
        entities=tuple(each.entity for each in found if each.lies_in(raw)),
        covered_by=tuple(raw.get("covered_by") or ()),
        other_parcel=bool(raw.get("other_parcel")),
    )


def _without(wishes: Sequence[Mapping[str, Any]], text: str) -> str:
    """The text without the further wishes; as it stands where there are none."""
    if not wishes:
        return text
    start, kept = 0, list[str]()
    for wish in sorted(wishes, key=lambda each: int(each["start"])):
        kept.append(text[start : wish["start"]].strip(_ROUND_A_PART))
        start = max(start, int(wish["end"]))
    kept.append(text[start:].strip(_ROUND_A_PART))
    return "，".join(part for part in kept if part) or text


def _of_main(wishes: Sequence[Mapping[str, Any]], found: Sequence[_Placed]) -> tuple[Entity, ...]:
    """Entities of the main wish; who writes only one number means it for every wish."""
    is_own = [not any(each.lies_in(wish) for wish in wishes) for each in found]
    named = {each.entity.name for each, own in zip(found, is_own, strict=True) if own}
    if "waybill_no" in named:
        named.add("waybill_like")
    return tuple(
        each.entity
        for each, own in zip(found, is_own, strict=True)
        if own or each.entity.name in _SHARED - named
    )
