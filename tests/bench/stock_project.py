"""The project stock Rasa is trained on: our examples, one rule for each intent. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

ACTION = "action_canned"
RESPONSE = "utter_canned"
CANNED = "不客气，应该的。还有需要随时说。"
WITH_ACTION = "track_parcel"


def domain(intents: Sequence[str]) -> dict[str, Any]:
    """Return a domain with these intents, one response and one custom action."""
    return {
        "version": "3.1",
        "intents": list(intents),
        "actions": [ACTION],
        "responses": {RESPONSE: [{"text": CANNED}]},
        "session_config": {
            "session_expiration_time": 120,
            "carry_over_slots_to_new_session": True,
        },
    }


def rules(intents: Sequence[str]) -> dict[str, Any]:
    """Return one rule for each intent: tracking is answered by the action, the rest is canned."""
    return {
        "version": "3.1",
        "rules": [
            {"rule": intent, "steps": [{"intent": intent}, {"action": _answer_to(intent)}]}
            for intent in intents
        ],
    }


def _answer_to(intent: str) -> str:
    return ACTION if intent == WITH_ACTION else RESPONSE
