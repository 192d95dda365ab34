"""The command that says how well a model understands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage

from bot.evaluation import __main__ as command
from bot.evaluation.measures import Judged
from bot.evaluation.plot import draw, shares
from bot.evaluation.rows import Row

JUDGED = [
    Judged("还没到", "report_delay", ("report_delay",), 2.0),
    Judged("催一下", "report_delay", ("urge_delivery",), 4.0),
    Judged("唱首歌", "out_of_scope", ("chitchat", "out_of_scope"), 6.0),
]


@dataclass
class Parrot:
    """An agent that understands whatever it is told to."""

    intents: dict[str, str]
    heard: list[str] = field(default_factory=list)

    @property
    def processor(self) -> Parrot:
        """Rasa's agent has one."""
        return self

    async def parse_message(self, message: UserMessage | str) -> dict[str, Any]:
        """The intent of the text."""
        text = message if isinstance(message, str) else str(message.text)
        self.heard.append(text)
        return {"intent": {"name": self.intents.get(text, "nlu_fallback")}}


async def judged(rows: Sequence[Row], names: dict[str, str], **intents: str) -> list[Judged]:
    return await command.judge(cast(Agent, Parrot(intents)), rows, names)


def test_the_last_line_holds_the_figures() -> None:
    *_, last = command.report(JUDGED)
    assert last == (
        "accuracy=0.6667 macro_f1=0.3333 oos_recall=1.0000 false_reject=0.0000 "
        "p50_ms=4.00 p95_ms=6.00 n=3"
    )


def test_every_intent_has_a_line_and_the_confused_come_after() -> None:
    first, *lines, _ = command.report(JUDGED)
    assert first.split() == ["intent", "precision", "recall", "f1", "n"]
    assert lines[0].split() == ["report_delay", "0.500", "1.000", "0.667", "1"]
    assert lines[1].split() == ["urge_delivery", "0.000", "0.000", "0.000", "1"]
    assert lines[-1].split() == ["1", "urge_delivery", "->", "report_delay"]


async def test_our_intents_get_the_names_of_the_file() -> None:
    rows = [Row("a", ("pickup_code_locker",)), Row("b", ("out_of_scope",))]
    names = {"station_hours": "pickup_code_locker", "nlu_fallback": "out_of_scope"}
    found = await judged(rows, names, a="station_hours")
    assert [each.predicted for each in found] == ["pickup_code_locker", "out_of_scope"]


async def test_a_name_that_the_file_uses_stays() -> None:
    rows = [Row("a", ("station_hours",)), Row("b", ("pickup_code_locker",))]
    found = await judged(rows, {"station_hours": "pickup_code_locker"}, a="station_hours")
    assert found[0].predicted == "station_hours"


async def test_a_leading_slash_is_no_payload_and_the_first_parse_is_not_measured() -> None:
    parrot = Parrot({})
    await command.judge(cast(Agent, parrot), [Row("/greet", ("greet",))], {})
    assert parrot.heard == [command.WARM_UP, "greet"]


@pytest.mark.parametrize("missing", ["rows.tsv", "model.tar.gz"])
def test_what_cannot_be_read_is_said_and_ends_with_2(
    tmp_path: Path, missing: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "rows.tsv").write_text("text\tintents\n在吗\tgreet\n", encoding="utf-8")
    (tmp_path / "model.tar.gz").touch()
    (tmp_path / missing).unlink()
    files = [str(tmp_path / "rows.tsv"), "--model", str(tmp_path / "model.tar.gz")]
    assert command.main(files) == 2
    assert missing in capsys.readouterr().err


def test_rows_of_the_picture_are_right_intents_and_sum_to_one() -> None:
    names, rows = shares([*JUDGED, Judged("快点", "urge_delivery", ("urge_delivery",))])
    assert names == ["out_of_scope", "report_delay", "urge_delivery"]
    assert np.allclose(rows.sum(axis=1), 1)
    assert rows[2].tolist() == [0, 0.5, 0.5]


def test_an_intent_that_is_never_right_has_an_empty_row() -> None:
    names, rows = shares([Judged("催一下", "greet", ("urge_delivery",))])
    assert rows[names.index("greet")].tolist() == [0, 0]


def test_the_picture_is_a_png(tmp_path: Path) -> None:
    draw(JUDGED, tmp_path / "confusion.png")
    assert (tmp_path / "confusion.png").read_bytes().startswith(b"\x89PNG")
