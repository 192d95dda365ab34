"""Everything an action needs to be played: a tracker of Rasa, a ticketing that answers."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import httpx
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.backend import Backend
from actions.house_action import HouseAction

SF, YT = "SF1234567890123", "YT1234567890123"

Json = dict[str, Any]


def shipment(number: str = SF, *, full: bool = True, **changes: Any) -> Json:
    """A parcel as ticketing describes it."""
    seen: Json = {
        "waybill_no": number,
        "carrier_code": "SF",
        "carrier_name": "顺丰速运",
        "status": "in_transit",
        "status_label": "运输中",
        "city": "杭州市",
    }
    scan = {
        "at": "2026-11-22T06:05:00+00:00",
        "place": "杭州转运中心",
        "text": "已发往下一站",
        "status": "in_transit",
    }
    if full:
        seen |= {"eta": "2026-11-23T10:00:00+00:00", "last_event": scan, "events": [scan]}
    return seen | changes


def found(number: str = SF, *, full: bool = True, **changes: Any) -> Json:
    """Ticketing's answer to `track` for a parcel it knows."""
    return {
        "outcome": "found",
        "disclosure": "full" if full else "state_and_city",
        "shipment": shipment(number, full=full, **changes),
        "tries_left": None,
    }


def track(outcome: str, tries_left: int | None = None) -> Json:
    """Ticketing's answer to `track` without a parcel."""
    return {
        "outcome": outcome,
        "disclosure": "state_and_city",
        "shipment": None,
        "tries_left": tries_left,
    }


def card(number: str = "T20261122000001", kind: str = "damage") -> Json:
    """A ticket card."""
    return {
        "type": "ticket",
        "ticket_no": number,
        "kind": kind,
        "kind_label": "破损",
        "state": "open",
        "state_label": "处理中",
        "waybill_no": SF,
        "steps": [
            {"step": "accept", "label": "受理", "state": "done", "at": None},
            {"step": "verify", "label": "核实", "state": "current", "at": None},
        ],
    }


@dataclass
class Stage:
    """Plays an action; ticketing's answers are given by call, the last one is repeated."""

    answers: dict[str, list[Any]] = field(default_factory=dict)
    calls: list[tuple[str, Json]] = field(default_factory=list)
    slots: Json = field(default_factory=dict)
    said: list[Json] = field(default_factory=list)
    responses: list[Json] = field(default_factory=list)
    followup: str | None = None

    def will_answer(self, call: str, *answers: Any) -> Self:
        """What ticketing answers to a call: a JSON body, or an exception of httpx."""
        self.answers[call] = list(answers)
        return self

    def backend(self) -> Backend:
        """The real client over a transport of ours."""
        return Backend("http://ticketing", "secret", httpx.MockTransport(self._serve))

    def _serve(self, request: httpx.Request) -> httpx.Response:
        call = request.url.path.rsplit("/", 1)[-1]
        self.calls.append((call, json.loads(request.content)))
        queue = self.answers.get(call)
        assert queue, f"nobody expected a call of {call}"
        answer = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, httpx.Response):
            return answer
        return httpx.Response(200, json=answer)

    def bodies(self, call: str) -> list[Json]:
        """What was asked of ticketing."""
        return [body for name, body in self.calls if name == call]

    async def play(
        self,
        action: Callable[[Backend], HouseAction],
        text: str,
        intent: str,
        *entities: tuple[str, str] | tuple[str, str, float],
        ranking: tuple[str, ...] = (),
    ) -> list[str]:
        """One message; the names of the responses, or the actions' own words.

        Slots are kept for the next one.
        """
        message = _message(f"m{len(self.said) + 1}", text, intent, entities, ranking)
        self.said.append(message)
        return await self.play_again(action)

    async def play_again(self, action: Callable[[Backend], HouseAction]) -> list[str]:
        """Another action takes the same message, as a followup does."""
        played, message = action(self.backend()), self.said[-1]
        form = played.name().removeprefix("validate_")
        in_form = form != played.name()
        tracker = Tracker(
            sender_id="c1",
            slots={"requested_slot": None, **self.slots},
            latest_message=message,
            events=[{"event": "user", **each, "parse_data": each} for each in self.said],
            paused=False,
            followup_action=None,
            active_loop={"name": form} if in_form else {},
            latest_action_name="action_listen",
        )
        dispatcher = CollectingDispatcher()
        events = await played.run(dispatcher, tracker, {})
        self.slots |= {e["name"]: e["value"] for e in events if e["event"] == "slot"}
        self.followup = next((e["name"] for e in events if e["event"] == "followup"), None)
        self.responses = dispatcher.messages
        return [each["response"] or each["text"] for each in dispatcher.messages]


def _message(
    message_id: str,
    text: str,
    intent: str,
    entities: tuple[tuple[Any, ...], ...],
    ranking: tuple[str, ...],
) -> Json:
    found = [
        {
            "entity": name,
            "value": value,
            "confidence_entity": rest[0] if rest else 1.0,
            "start": max(text.find(value), 0),
            "end": max(text.find(value), 0) + (len(value) if value in text else 0),
        }
        for name, value, *rest in entities
    ]
    return {
        "message_id": message_id,
        "text": text,
        "intent": {"name": intent, "confidence": 0.9},
        "intent_ranking": [{"name": name, "confidence": 0.5} for name in ranking],
        "entities": found,
    }
