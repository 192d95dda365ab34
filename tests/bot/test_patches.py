"""The named patches of Rasa decide exactly as Rasa does."""

from __future__ import annotations

import copy
import itertools
import tempfile
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import rasa
from dask.local import get_sync
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.engine.exceptions import GraphRunError
from rasa.engine.graph import ExecutionContext, GraphComponent, GraphSchema, SchemaNode
from rasa.engine.runner.dask import DaskGraphRunner
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.common import all_subclasses

from bot import fast_events, fast_graph, fast_validation
from bot.action_endpoint import action_call

VALUES: list[Any] = [None, "x", "", 1, 1.5, True, [], {}, ["x"], {"a": 1}]
KINDS = [
    "user",
    "action",
    "slot",
    "entities",
    "reminder",
    "followup",
    "active_loop",
    "bot",
    "restart",
    "form_validation",
    "session_started",
    "unheard_of",
    7,
    None,
]
FIELDS = ["name", "value", "text", "timestamp", "metadata", "entities", "policy", "parse_data"]
REMOTE = RemoteAction("action_x", None)


SCHEMA = RemoteAction.action_response_format_spec()
STOCK = validator_for(SCHEMA)(SCHEMA)  # what jsonschema.validate builds anew each time


def our_verdict(result: object) -> bool:
    """What the patch says of it."""
    try:
        return fast_validation.validate_action_result(REMOTE, result)
    except jsonschema.ValidationError:
        return False


def answers() -> list[object]:
    """Answers of all shapes, good and bad."""
    whole: list[object] = [None, [], "x", {}, {"events": None}, {"responses": [1]}, {"events": [1]}]
    whole += [{"events": [], "responses": value} for value in VALUES]
    for kind, field, value in itertools.product(KINDS, FIELDS, VALUES):
        event = {"event": kind, "name": "n", "value": None, field: value}
        whole += [{"events": [event]}, {"events": [{"event": kind, field: value}]}]
        whole.append({"events": [{"event": "slot", "name": "n", "value": 1}, event]})
    return whole


def test_exactly_the_same_answers_are_accepted() -> None:
    verdicts = [(our_verdict(each), STOCK.is_valid(each), each) for each in answers()]
    assert [each for ours, stock, each in verdicts if ours != stock] == []
    assert {ours for ours, _, _ in verdicts} == {True, False}


@pytest.mark.parametrize("answer", [{"events": [{"event": "slot"}]}, {"responses": 1}, None])
def test_a_refusal_is_jsonschemas_own_error(answer: object) -> None:
    with pytest.raises(jsonschema.ValidationError) as stock:
        jsonschema.validate(answer, SCHEMA)
    with pytest.raises(jsonschema.ValidationError) as ours:
        fast_validation.validate_action_result(REMOTE, answer)
    assert ours.value.path == stock.value.path
    assert ours.value.message


def test_the_answer_is_not_changed() -> None:
    answer = {"events": [{"event": "slot", "name": "n", "value": 1}], "responses": [{"text": "x"}]}
    before = copy.deepcopy(answer)
    assert our_verdict(answer)
    assert answer == before


def test_the_patches_are_for_this_version_of_rasa() -> None:
    assert rasa.__version__ == "3.6.21"
    assert RemoteAction._validate_action_result is fast_validation.validate_action_result
    assert RemoteAction._action_call_format is action_call


def test_every_event_is_found_under_its_name() -> None:
    for each in all_subclasses(Event):
        assert fast_events.resolve_by_type(each.type_name).type_name == each.type_name  # type: ignore[union-attr]


def test_an_unknown_event_is_an_error_or_the_default() -> None:
    assert fast_events.resolve_by_type("unheard_of", SlotSet) is SlotSet
    assert fast_events.resolve_by_type("topic") is None
    with pytest.raises(ValueError, match="unheard_of"):
        fast_events.resolve_by_type("unheard_of")


def test_an_action_gets_rasas_request_with_a_short_domain() -> None:
    said = [UserUttered("你好", message_id="m"), SlotSet("kind", "lost")]
    tracker = DialogueStateTracker.from_events("c", said)
    call = action_call(REMOTE, tracker, None)
    assert call["next_action"] == "action_x"
    assert call["version"] == "3.6.21"
    assert call["domain"] == {"version": "3.1"}
    assert call["tracker"]["latest_message"]["message_id"] == "m"
    assert [(e["event"], e["message_id"]) for e in call["tracker"]["events"]] == [("user", "m")]


class Adding(GraphComponent):
    """Adds up what it is given."""

    @classmethod
    def create(cls, **_: Any) -> Adding:
        """No settings."""
        return cls()

    def add(self, **given: int) -> int:
        """The sum, and one more."""
        return sum(given.values()) + 1


def node(**needs: str) -> SchemaNode:
    """A node of the graph under test."""
    return SchemaNode(needs, Adding, "create", "add", {}, is_target="second" in needs)


def graph() -> DaskGraphRunner:
    """Three components over one input; the last one needs both of the others."""
    first, second = node(given="start"), node(first="first", given="start")
    nodes = {"third": node(first="first", second="second"), "second": second, "first": first}
    context = ExecutionContext(GraphSchema(nodes))
    storage = LocalModelStorage.create(Path(tempfile.mkdtemp()))
    return DaskGraphRunner.create(GraphSchema(nodes), storage, context)


@pytest.mark.parametrize("targets", [None, ["second"], ["third", "first"]])
def test_the_components_run_as_dask_would_have_run_them(targets: list[str] | None) -> None:
    runner = graph()
    nodes = runner._build_dask_graph(runner._graph_schema)
    wanted = targets or ["third"]
    assert runner.run({"start": 1}, targets) == dict(
        get_sync({**nodes, "start": ("start", 1)}, wanted)
    )
    assert DaskGraphRunner.run is fast_graph.run


def test_a_component_that_lacks_its_input_says_so() -> None:
    with pytest.raises(GraphRunError, match="start"):
        graph().run({}, ["first"])
