"""What an action answers: sentences by name, things to remember, what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher


@dataclass(frozen=True)
class Sentence:
    """A response of the domain with its variables, or a `text`; a card is drawn by the chat."""

    response: str | None
    variables: Mapping[str, Any] = field(default_factory=dict)
    card: Mapping[str, Any] | None = None
    buttons: tuple[str, ...] = ()
    text: str | None = None


@dataclass(frozen=True)
class Reply:
    """Sentences in order, slots to set, and the action that follows. Replies add up."""

    sentences: tuple[Sentence, ...] = ()
    slots: Mapping[str, Any] = field(default_factory=dict)
    followup: str | None = None

    def __add__(self, other: "Reply") -> "Reply":
        return Reply(
            self.sentences + other.sentences,
            {**self.slots, **other.slots},
            other.followup or self.followup,
        )

    def events(self) -> list[EventType]:
        """Rasa's events of this reply."""
        events: list[EventType] = [SlotSet(name, value) for name, value in self.slots.items()]
        if self.followup:
            events.append(FollowupAction(self.followup))
        return events

    def speak(self, dispatcher: CollectingDispatcher) -> None:
        """Hand the sentences to Rasa."""
        for sentence in self.sentences:
            dispatcher.utter_message(
                text=sentence.text,
                response=sentence.response,
                json_message={"card": dict(sentence.card)} if sentence.card else None,
                buttons=[{"title": each, "payload": each} for each in sentence.buttons] or None,
                **sentence.variables,
            )


def say(
    response: str,
    card: Mapping[str, Any] | None = None,
    buttons: tuple[str, ...] = (),
    **variables: Any,
) -> Reply:
    """A reply of one sentence."""
    return Reply((Sentence(response, variables, card, buttons),))


def tell(text: str, card: Mapping[str, Any] | None = None, buttons: tuple[str, ...] = ()) -> Reply:
    """A reply of one sentence in the actions' own words (`labels.yml`)."""
    return Reply((Sentence(None, {}, card, buttons, text),))


def remember(**slots: Any) -> Reply:
    """A reply that only sets slots."""
    return Reply(slots=slots)


def go_to(action: str) -> Reply:
    """A reply that lets another action follow."""
    return Reply(followup=action)


def ask_for(slot: str) -> Reply:
    """The form goes on and waits for this slot."""
    return remember(requested_slot=slot)


def end_form() -> Reply:
    """The form is over."""
    return remember(requested_slot=None, asked=None, phone_tail=None)
