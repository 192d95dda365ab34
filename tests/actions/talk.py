"""Whole turns without a model: the rules of the dialogue, forms, and actions that follow."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.house_action import HouseAction
from actions.server import executor
from tests.actions.stage import Json, Stage

TOP = Path(__file__).parents[2]
MOST_ACTIONS = 9  # Rasa gives up after ten


@cache
def rules() -> dict[str, str]:
    """The action or form that takes each intent outside a form."""
    documents = [
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((TOP / "bot/dialogue").glob("*.yml"))
    ]
    steps = [rule["steps"] for document in documents for rule in document["rules"]]
    return {first["intent"]: second["action"] for first, second, *_ in steps}


@cache
def actions() -> dict[str, type[HouseAction]]:
    """All our actions by name."""
    executor()
    return {each().name(): each for each in HouseAction.__subclasses__()}


def wish(text: str, intent: str, **more: Any) -> Json:
    """A further wish of a message; `text` is its part of the message."""
    return {"intent": intent, "confidence": 0.9, "text": text, **more}


def angry(mood: str = "anger") -> tuple[str, str]:
    """The entity of an angry message."""
    return ("mood", mood)


@dataclass
class Talk(Stage):
    """A conversation; what is said in a turn are the names of the responses."""

    form: str | None = None
    ran: list[str] = field(default_factory=list)

    async def says(
        self, text: str, intent: str, *entities: tuple[str, str], wishes: tuple[Json, ...] = ()
    ) -> list[str]:
        """One message of the customer, with all that follows from it."""
        self.said.append(_message(f"m{len(self.said) + 1}", text, intent, entities, wishes))
        self.ran, self.responses = [], []
        following: str | None = self.form or rules()[intent]
        while following:
            self.ran.append(following)
            assert len(self.ran) <= MOST_ACTIONS, self.ran
            following = await self._run(following)
        return [each["response"] for each in self.responses]

    async def _run(self, name: str) -> str | None:
        if name.startswith("utter_"):
            self.responses.append({"response": name})
            return None
        is_form = name.endswith("_form")
        played = actions()[f"validate_{name}" if is_form else name](self.backend())
        dispatcher = CollectingDispatcher()
        events = await played.run(dispatcher, self._tracker(name if is_form else None), {})
        self.slots |= {e["name"]: e["value"] for e in events if e["event"] == "slot"}
        self.responses += dispatcher.messages
        if is_form:
            self.form = name if self.slots.get("requested_slot") else None
        return next((e["name"] for e in events if e["event"] == "followup"), None)

    def _tracker(self, form: str | None) -> Tracker:
        return Tracker(
            sender_id="c1",
            slots={"requested_slot": None, **self.slots},
            latest_message=self.said[-1],
            events=[{"event": "user", **each, "parse_data": each} for each in self.said],
            paused=False,
            followup_action=None,
            active_loop={"name": form} if form else {},
            latest_action_name="action_listen",
        )

    @property
    def remembered(self) -> list[str]:
        """The intents of the wishes that are kept."""
        return [each["intent"] for each in self.slots.get("next_wishes") or []]

    def variable(self, response: str, name: str) -> Any:
        """What stands for a variable in the first response of that name."""
        return next(each[name] for each in self.responses if each["response"] == response)


def _message(
    message_id: str,
    text: str,
    intent: str,
    entities: tuple[tuple[str, str], ...],
    wishes: tuple[Json, ...],
) -> Json:
    found = [
        {"entity": name, "value": value, "confidence_entity": 1.0, **_place(text, value)}
        for name, value in entities
    ]
    further = [
        {**{k: v for k, v in each.items() if k != "text"}, **_place(text, each["text"])}
        for each in wishes
    ]
    return {
        "message_id": message_id,
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "intent_ranking": [],
        "entities": found,
        "wishes": further,
    }


def _place(text: str, part: str) -> dict[str, int]:
    start = text.find(part)
    return {"start": start, "end": start + len(part)} if start >= 0 else {"start": 0, "end": 0}
