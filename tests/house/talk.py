"""What the bot knows and has read: domain, dialogue and examples, without Rasa."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ticketing.run.plan import ROOT

DOMAIN, DIALOGUE = ROOT / "bot" / "domain", ROOT / "bot" / "dialogue"
EXAMPLES = ROOT / "nlu_data" / "train"
# Rasa's own actions and intents: no domain lists them.
BUILT_IN_ACTIONS = frozenset({"action_listen", "action_restart", "action_default_fallback"})
BUILT_IN_INTENTS = frozenset({"nlu_fallback"})
_ANNOTATION = re.compile(r"\[([^\]]+)\](?:\([^)]*\)|\{[^}]*\})")
_SILENT = re.compile(r"[\s，。！？、；：,.!?;:~～…“”\"']+")


@dataclass(frozen=True)
class Domain:
    """The domain's files put together."""

    intents: frozenset[str]
    actions: frozenset[str]
    forms: frozenset[str]
    responses: dict[str, list[dict[str, Any]]]


@dataclass(frozen=True)
class Example:
    """One sentence the bot has read, entity marks taken out."""

    intent: str
    text: str
    file: str


@cache
def domain() -> Domain:
    """Read `bot/domain`."""
    parts = [_yaml(path) for path in sorted(DOMAIN.glob("*.yml"))]
    responses = [part.get("responses", {}) for part in parts]
    return Domain(
        intents=frozenset(name for part in parts for name in part.get("intents", ())),
        actions=frozenset(name for part in parts for name in part.get("actions", ())),
        forms=frozenset(name for part in parts for name in part.get("forms", {})),
        responses={name: variants for part in responses for name, variants in part.items()},
    )


@cache
def examples() -> tuple[Example, ...]:
    """Every example of every intent."""
    return tuple(_examples())


def plain(text: str) -> str:
    """A sentence without spaces, punctuation and capitals: two that agree are the same."""
    return _SILENT.sub("", text).lower()


def steps() -> list[dict[str, Any]]:
    """Every step of every rule and story."""
    parts = [_yaml(path) for path in sorted(DIALOGUE.glob("*.yml"))]
    talks = [talk for part in parts for kind in ("rules", "stories") for talk in part.get(kind, ())]
    return [step for talk in talks for step in talk["steps"]]


def texts_of_responses() -> list[str]:
    """Every text of the domain."""
    return [variant.get("text", "") for each in domain().responses.values() for variant in each]


def buttons_of_responses() -> list[dict[str, str]]:
    """Every button of the domain."""
    variants = [variant for each in domain().responses.values() for variant in each]
    return [button for variant in variants for button in variant.get("buttons", ())]


def _examples() -> Iterator[Example]:
    for path in sorted(EXAMPLES.rglob("*.yml")):
        for entry in _yaml(path).get("nlu", ()):
            for line in entry.get("examples", "").splitlines() if "intent" in entry else ():
                text = _ANNOTATION.sub(r"\1", line.removeprefix("- ").strip())
                if text:
                    yield Example(entry["intent"], text, path.name)


def _yaml(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(path.read_text("utf-8")) or {}
    return read
