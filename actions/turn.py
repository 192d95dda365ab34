"""What an action needs of Rasa's tracker, parsed once."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rasa_sdk import Tracker

from actions.backend import Asked

FALLBACK = "nlu_fallback"
SURE = 0.9  # entity confidence from which digits count as a phone tail without being asked for


@dataclass(frozen=True)
class Entity:
    """Something found in the text; `value` is normalised, `spoken` the customer's own words."""

    name: str
    value: str
    confidence: float
    spoken: str = ""


@dataclass(frozen=True)
class Said:
    """An earlier sentence of the customer in this session."""

    text: str
    intent: str
    message_id: str


@dataclass(frozen=True)
class Turn:
    """The customer's latest message and what the bot remembers."""

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

    @classmethod
    def of(cls, tracker: Tracker) -> "Turn":
        """Read Rasa's tracker state; missing parts are empty."""
        message = tracker.latest_message
        said = tuple(_said(event) for event in tracker.events if event.get("event") == "user")
        return cls(
            conversation_id=tracker.sender_id,
            message_id=message.get("message_id") or "",
            text=message.get("text") or "",
            intent=(message.get("intent") or {}).get("name") or FALLBACK,
            ranking=tuple(each["name"] for each in message.get("intent_ranking") or ()),
            entities=tuple(
                _entity(each, message.get("text") or "") for each in message.get("entities") or ()
            ),
            slots=tracker.slots,
            form=(tracker.active_loop or {}).get("name"),
            earlier=said[:-1],
            confidence=float((message.get("intent") or {}).get("confidence") or 0.0),
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


def _entity(raw: Mapping[str, Any], text: str) -> Entity:
    return Entity(
        raw["entity"],
        str(raw["value"]),
        float(raw.get("confidence_entity") or 1.0),
        text[raw.get("start") or 0 : raw.get("end") or 0],
    )


def _said(event: Mapping[str, Any]) -> Said:
    intent = ((event.get("parse_data") or {}).get("intent") or {}).get("name") or FALLBACK
    return Said(event.get("text") or "", intent, event.get("message_id") or "")
