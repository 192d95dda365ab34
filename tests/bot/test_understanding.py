"""How well the trained bot understands messages it has not read, and how fast."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path

import pytest
import yaml
from rasa.core.agent import load_agent

from bot.evaluation import measures
from bot.evaluation.__main__ import NAMES, judge, report
from bot.evaluation.measures import Judged
from bot.evaluation.rows import read_names, read_rows
from bot.wiring import install_patches

FROZEN = Path("nlu_data/tests/frozen.tsv")
RECORDED = Path("nlu_data/tests/frozen.yml")
MODEL = Path(os.environ.get("DATA_DIR", "var")) / "models" / "yiwen.tar.gz"
FALL_ALLOWED = 0.01
FEWEST = 600


@pytest.fixture(scope="module")
def judged() -> list[Judged]:
    assert MODEL.exists(), "no trained model; `make bot-tests` trains one first"
    install_patches()

    async def all_rows() -> list[Judged]:
        agent = await load_agent(model_path=str(MODEL))
        return await judge(agent, read_rows(FROZEN), read_names(NAMES))

    return asyncio.run(all_rows())


def recorded() -> dict[str, float]:
    figures: dict[str, float] = yaml.safe_load(RECORDED.read_text(encoding="utf-8"))
    return figures


def test_the_frozen_set_is_large_enough() -> None:
    assert len({row.text for row in read_rows(FROZEN)}) >= FEWEST


def test_accuracy_has_not_fallen_by_more_than_a_point(judged: list[Judged]) -> None:
    found = measures.accuracy(judged)
    assert found >= recorded()["accuracy"] - FALL_ALLOWED, "\n".join(report(judged))


def test_the_recorded_accuracy_is_not_left_behind(judged: list[Judged]) -> None:
    """An old low record would let a later fall through."""
    found = measures.accuracy(judged)
    assert found <= recorded()["accuracy"] + 2 * FALL_ALLOWED, f"record accuracy: {found:.4f}"


def test_what_is_beside_the_point_is_known_as_such(judged: list[Judged]) -> None:
    assert measures.oos_recall(judged) >= 0.8
    assert measures.false_reject(judged) <= 0.06
