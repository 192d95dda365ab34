"""Rasa's own test stories: what is understood in customers' own style, and which step follows."""

from __future__ import annotations

import asyncio
import os
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from rasa.core import test as rasa_core_test
from rasa.core.agent import load_agent
from rasa.core.constants import FAILED_STORIES_FILE

from bot.wiring import install_patches

FOLDER = Path("nlu_data/tests/stories")
MODEL = Path(os.environ.get("DATA_DIR", "var")) / "models" / "yiwen.tar.gz"
FEWEST = 60
# An annotated entity: [words](name) or [words]{"entity": name, "value": value}.
_ENTITY = re.compile(r"\[([^\]]+)\](?:\([^)]+\)|\{[^}]+\})")
# Bare data are the same for everybody.
_DATA = re.compile(r"[0-9A-Za-z]+")

Step = dict[str, Any]


def stories() -> list[dict[str, Any]]:
    """All stories of the folder."""
    files = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*"))]
    return [story for document in files for story in document["stories"]]


def steps(key: str) -> list[Step]:
    """The steps of all stories that have this key."""
    return [step for story in stories() for step in story["steps"] if key in step]


def said() -> list[str]:
    """What the customers of all stories say, without the names of entities."""
    return [_ENTITY.sub(r"\1", step["user"]).strip() for step in steps("user")]


def rules() -> list[list[Step]]:
    """The steps of each rule of the bot."""
    paths = sorted(Path("bot/dialogue").glob("*.yml"))
    documents = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]
    return [rule["steps"] for document in documents for rule in document["rules"]]


def folded(text: str) -> str:
    """The text without signs and case."""
    return re.sub(r"[\W_]", "", text).lower() or text


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], str]:
    """Rasa's count of the stories, and those that went otherwise, with its comments."""
    assert MODEL.exists(), "no trained model; `make bot-tests` trains one first"
    install_patches()
    folder = tmp_path_factory.mktemp("stories")

    async def run() -> dict[str, Any]:
        agent = await load_agent(model_path=str(MODEL))
        found: dict[str, Any] = await rasa_core_test.test(
            str(FOLDER), agent, e2e=True, out_directory=str(folder), disable_plotting=True
        )
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RASA_TELEMETRY_ENABLED", "false")
        found = asyncio.run(run())
    failed = (folder / FAILED_STORIES_FILE).read_text(encoding="utf-8")
    return found["report"]["conversation_accuracy"], failed


def went_otherwise(failed: str) -> list[str]:
    """Each line that Rasa has commented with its prediction, below the name of its story."""
    marked = [line.strip() for line in failed.splitlines()]
    return [line for line in marked if line.startswith("- story:") or "# predicted" in line]


def test_every_story_goes_as_written(outcome: tuple[dict[str, Any], str]) -> None:
    counted, failed = outcome
    assert counted["correct"] == counted["total"], "\n".join(went_otherwise(failed) or [failed])


def test_rasa_has_run_every_story(outcome: tuple[dict[str, Any], str]) -> None:
    assert outcome[0]["total"] == len(stories())


def test_there_are_enough_stories_each_with_a_name_of_its_own() -> None:
    names = [story["story"] for story in stories()]
    assert len(names) >= FEWEST
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_rasas_runner_finds_every_file() -> None:
    """Rasa takes only files of this name for test stories."""
    assert [path.name for path in FOLDER.glob("*") if not path.match("test_*.yml")] == []


def test_every_rule_is_played() -> None:
    """Every intent and the fallback have one, and three of them begin a form."""
    played = {
        (turn["intent"], answer["action"])
        for story in stories()
        for turn, answer in zip(story["steps"], [*story["steps"][1:], {}], strict=True)
        if "user" in turn
    }
    wanted = {(rule[0]["intent"], rule[1]["action"]) for rule in rules()}
    assert wanted - played == set()


def test_every_form_is_begun_and_ended() -> None:
    forms = {step["active_loop"] for rule in rules() for step in rule if "active_loop" in step}
    assert {step["active_loop"] for step in steps("active_loop")} == forms | {None}


def test_no_sentence_is_one_of_those_the_bot_has_read() -> None:
    blocks = [
        block
        for path in sorted(Path("nlu_data/train").glob("*.yml"))
        for block in yaml.safe_load(path.read_text(encoding="utf-8"))["nlu"]
    ]
    known = {
        folded(line.strip().removeprefix("- "))
        for block in blocks
        for line in block["examples"].splitlines()
    }
    assert [each for each in said() if folded(each) in known and not _DATA.fullmatch(each)] == []


def test_no_time_depends_on_the_day_of_the_test() -> None:
    """A date would be right today only."""
    dated = [
        step["user"] for step in steps("user") if re.search(r'"value": "20\d\d-', step["user"])
    ]
    assert dated == []


def test_a_wrong_prediction_is_told_with_its_story() -> None:
    failed = """
stories:
- story: a greeting
  steps:
  - intent: greet  # predicted: thanks: 你好
  - action: utter_greet
"""
    told = went_otherwise(failed)
    assert told == ["- story: a greeting", "- intent: greet  # predicted: thanks: 你好"]
