"""A patch of Rasa 3.6.21: an action's answer is checked without building the checks anew.

`RemoteAction._validate_action_result` calls `jsonschema.validate`, which checks the schema itself
at every answer and then tries every event against the schemas of all kinds of event. Here the
validators are built once and an event meets the one schema of its kind. What is refused here is
judged by the whole schema, so that the verdict and its error are jsonschema's own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction


def _built(schema: dict[str, Any]) -> Any:
    kind = validator_for(schema)
    kind.check_schema(schema)
    return kind(schema)


@lru_cache(maxsize=1)
def _whole() -> Any:
    return _built(RemoteAction.action_response_format_spec())


@lru_cache(maxsize=1)
def _frame() -> Any:
    """The schema of the answer without the choice between kinds of event."""
    schema = RemoteAction.action_response_format_spec()
    properties = dict(schema["properties"])
    events = dict(properties["events"])
    events["items"] = {k: v for k, v in events["items"].items() if k != "oneOf"}
    return _built({**schema, "properties": {**properties, "events": events}})


@lru_cache(maxsize=1)
def _by_kind() -> dict[str, Any]:
    items = RemoteAction.action_response_format_spec()["properties"]["events"]["items"]
    return {kind["properties"]["event"]["const"]: _built(kind) for kind in items["oneOf"]}


def _surely_valid(result: Any) -> bool:
    if not _frame().is_valid(result):
        return False
    validators = _by_kind()
    return all(
        event["event"] in validators and validators[event["event"]].is_valid(event)
        for event in result.get("events", [])
    )


def validate_action_result(_: RemoteAction, result: object) -> bool:
    """True for a valid answer. Raises jsonschema's ValidationError otherwise."""
    if _surely_valid(result):
        return True
    error: ValidationError | None = next(_whole().iter_errors(result), None)
    if error is None:
        return True
    error.message += ". The action server's answer does not have the shape of Rasa's protocol."
    raise error


def install() -> None:
    """Replace the slow method. Installing twice changes nothing."""
    RemoteAction._validate_action_result = validate_action_result
