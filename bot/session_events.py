"""Which events of a conversation are worth keeping between two turns. Pure."""

from __future__ import annotations

from typing import Any

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.trackers import DialogueStateTracker

EventDict = dict[str, Any]
LASTING = ("waybill_no", "ticket_no", "proofs", "roles", "agreed")
_KEPT_OF_PARSE_DATA = ("text", "intent", "entities", "message_id", "metadata")


def _action(name: str) -> EventDict:
    return {"event": "action", "name": name, "policy": None, "confidence": None}


def current_session(events: list[EventDict]) -> list[EventDict]:
    """The events since the last session began."""
    for index in range(len(events) - 1, -1, -1):
        if events[index].get("name") == ACTION_SESSION_START_NAME:
            return events[index:]
    return events


def slimmed(event: EventDict) -> EventDict:
    """The event without what only the turn itself needed (ranking, tokens)."""
    parse_data = event.get("parse_data")
    if not parse_data:
        return event
    kept = {key: parse_data[key] for key in _KEPT_OF_PARSE_DATA if key in parse_data}
    return {**event, "parse_data": kept}


def restart(slots: dict[str, Any], active_loop: str | None) -> list[EventDict]:
    """A short beginning that leads to the same slots and the same active form."""
    return [
        _action(ACTION_SESSION_START_NAME),
        {"event": "session_started"},
        *({"event": "slot", "name": name, "value": value} for name, value in slots.items()),
        {"event": "active_loop", "name": active_loop},
        _action(ACTION_LISTEN_NAME),
    ]


def lasting(tracker: DialogueStateTracker) -> dict[str, Any]:
    """What is still known once a person has dealt with whatever was going on."""
    values = tracker.current_slot_values()
    return {name: values[name] for name in LASTING if values.get(name) is not None}


def _last_turns(events: list[EventDict], most: int) -> list[EventDict]:
    """The last whole turns that have at most `most` events together, at least the last one."""
    starts = [index for index, event in enumerate(events) if event["event"] == "user"]
    fitting = [start for start in starts if len(events) - start <= most]
    return events[(fitting or starts[-1:] or [0])[0] :]


def events_to_keep(tracker: DialogueStateTracker, most: int) -> list[EventDict]:
    """The current session; when it has more than `most` events, a restart and its last turns."""
    events = current_session([event.as_dict() for event in tracker.events])
    if len(events) > most:
        slots = {k: v for k, v in tracker.current_slot_values().items() if v is not None}
        events = restart(slots, tracker.active_loop_name) + _last_turns(events, most // 2)
    return [slimmed(event) for event in events]
