"""What an action needs of Rasa's tracker, parsed once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from rasa_sdk import Tracker

from actions.backend import Asked
from actions.hearing import FALLBACK, Entity, Wish, heard, mood_of

__all__ = ["FALLBACK", "FREE_WORDS", "PARTS", "SURE", "Entity", "Said", "Turn"]

# Slots that are answered in whatever words the customer likes.
PARTS = ("address", "time", "phone", "item")
FREE_WORDS = frozenset({"description", *PARTS})
SURE = 0.9  # entity confidence from which digits count as a phone tail without being asked for


@dataclass(frozen=True)
class Said:
    """An earlier sentence of the customer in this session."""

    text: str
    intent: str
    message_id: str
    mood: str | None = None


@dataclass(frozen=True)
class Turn:
    """The customer's latest message and what the bot remembers.

    Further wishes of the message are cut out of it. Once such a wish is taken up, the turn is what
    it would be if the customer had written nothing else.
    """

    conversation_id: str
    message_id: str
    text: str
    intent: str
    ranking: tuple[str, ...]
    entities: tuple[Entity, ...]
    slots: Mapping[str, Any]
    form: str | None
    earlier: tuple[Said, ...]
    confidence: float = 1.0
    wishes: tuple[Wish, ...] = ()
    mood: str | None = None

    @classmethod
    def of(cls, tracker: Tracker) -> "Turn":
        """Read Rasa's tracker state; missing parts are empty."""
        message = tracker.latest_message
        said = tuple(_said(event) for event in tracker.events if event.get("event") == "user")
        form = (tracker.active_loop or {}).get("name")
        asked = tracker.slots.get("requested_slot") if form else None
        main = heard(message, in_own_words=asked in FREE_WORDS)
        turn = cls(
            conversation_id=tracker.sender_id,
            message_id=message.get("message_id") or "",
            text=main.text,
            intent=main.intent,
            ranking=tuple(each["name"] for each in message.get("intent_ranking") or ()),
            entities=main.entities,
            slots=tracker.slots,
            form=form,
            earlier=said[:-1],
            confidence=float((message.get("intent") or {}).get("confidence") or 0.0),
            wishes=main.wishes,
            mood=main.mood,
        )
        taken = tracker.slots.get("taken_up") or {}
        return turn._about(taken["wish"]) if taken.get("message_id") == turn.message_id else turn

    def _about(self, kept: Mapping[str, Any]) -> "Turn":
        """This turn as if the customer had written only the wish that is taken up."""
        wish = Wish.remembered(kept)
        forgotten = {"waybill_no": None} if wish.other_parcel else {}
        return replace(
            self,
            text=wish.text,
            intent=wish.intent,
            ranking=(),
            entities=wish.entities,
            slots={**self.slots, **forgotten},
            earlier=(),
            confidence=1.0,
            wishes=(),
        )

    @property
    def asked(self) -> Asked:
        """The identity of this message for ticketing."""
        return Asked(self.conversation_id, self.message_id)

    @property
    def requested(self) -> str | None:
        """The slot the active form has asked for; None when the form has just begun."""
        return self.slot("requested_slot") if self.form else None

    @property
    def waybills(self) -> tuple[str, ...]:
        """Waybill numbers in the message; those that fit no carrier only without others."""
        return self._values("waybill_no") or self._values("waybill_like")

    @property
    def digits(self) -> str | None:
        """Four digits that may prove a parcel is theirs, also from a whole phone number."""
        phone = next((value[-4:] for value in self._values("phone")), None)
        return phone or next(iter(self._values("phone_tail")), None)

    @property
    def sure_digits(self) -> str | None:
        """Four digits that can only be the end of a phone number."""
        sure = (
            entity.value[-4:]
            for entity in self.entities
            if entity.name in {"phone", "phone_tail"} and entity.confidence >= SURE
        )
        return next(sure, None)

    def entity(self, name: str) -> str | None:
        """The first value of an entity."""
        return next(iter(self._values(name)), None)

    def spoken(self, name: str) -> str | None:
        """What the customer called the first value of an entity."""
        return next((each.spoken for each in self.entities if each.name == name), None)

    def earlier_since(self, message_id: str | None) -> tuple[Said, ...]:
        """The earlier sentences after this message; all of them when it is not among them."""
        known = [said.message_id for said in self.earlier]
        return self.earlier[known.index(message_id) + 1 :] if message_id in known else self.earlier

    def slot(self, name: str) -> Any:
        """What is remembered under this name."""
        return self.slots.get(name)

    def _values(self, name: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(e.value for e in self.entities if e.name == name))


def _said(event: Mapping[str, Any]) -> Said:
    parsed = event.get("parse_data") or {}
    intent = (parsed.get("intent") or {}).get("name") or FALLBACK
    return Said(event.get("text") or "", intent, event.get("message_id") or "", mood_of(parsed))
