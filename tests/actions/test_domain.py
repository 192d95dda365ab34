"""The bot's domain and the actions agree."""

import re
from pathlib import Path
from string import Formatter
from typing import Any

import yaml

from actions.form_talk import REPORTED_KINDS
from actions.labels import kind_label, readings, role_label
from actions.server import executor

TOP = Path(__file__).parents[2]


def domain(key: str) -> list[Any]:
    """All parts of the domain under a key."""
    documents = [
        yaml.safe_load(path.read_text(encoding="utf-8"))
        for path in sorted((TOP / "bot/domain").glob("*.yml"))
    ]
    return [document[key] for document in documents if key in document]


def responses() -> dict[str, list[dict[str, Any]]]:
    """The responses of the domain."""
    return {name: variants for part in domain("responses") for name, variants in part.items()}


def named_in_actions() -> set[str]:
    """Responses that the actions name."""
    sources = "\n".join(path.read_text(encoding="utf-8") for path in TOP.glob("actions/*.py"))
    return set(re.findall(r'"((?:say|utter)_[a-z_]+)"', sources))


def test_every_action_of_the_domain_exists_and_back() -> None:
    listed = {name for part in domain("actions") for name in part}
    served = {item.name for item in executor().list_actions()}
    assert listed == served


def test_every_form_has_its_validation() -> None:
    forms = {name for part in domain("forms") for name in part}
    listed = {name for part in domain("actions") for name in part}
    assert {f"validate_{name}" for name in forms} <= listed


def test_every_response_that_actions_name_exists() -> None:
    assert named_in_actions() - set(responses()) == set()


def test_every_response_of_the_actions_is_used() -> None:
    said = {name for name in responses() if name.startswith("say_")}
    assert said - named_in_actions() == set()


def test_responses_use_only_variables_that_some_action_gives() -> None:
    sources = "\n".join(path.read_text(encoding="utf-8") for path in TOP.glob("actions/*.py"))
    used = {
        variable
        for variants in responses().values()
        for variant in variants
        for _, variable, _, _ in Formatter().parse(variant["text"])
        if variable
    }
    assert {variable for variable in used if f"{variable}=" not in sources} == set()


def test_every_slot_that_actions_set_is_remembered() -> None:
    slots = {name for part in domain("slots") for name in part} | {"requested_slot"}
    sources = "\n".join(path.read_text(encoding="utf-8") for path in TOP.glob("actions/*.py"))
    named = set(re.findall(r'\.slot\("([a-z_]+)"\)', sources))
    assert named <= slots


def test_every_kind_and_reading_has_its_word() -> None:
    intents = {name for part in domain("intents") for name in part}
    assert all(kind_label(kind) for kind in REPORTED_KINDS.values())
    assert all(role_label(role) for role in ("receiver", "sender", "other"))
    assert set(readings()) <= intents
    assert set(REPORTED_KINDS) <= intents
