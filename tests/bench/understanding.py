"""How well a trained model understands messages it has not read, and what a message costs it."""

from __future__ import annotations

import os
import subprocess
from dataclasses import asdict, dataclass
from pathlib import Path

from ticketing.run.plan import ROOT, bot_python

FROZEN = ROOT / "nlu_data" / "tests" / "frozen.tsv"
# One core, as the goal is stated.
_ONE_CORE = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1"}


class NotJudged(Exception):
    """The evaluation did not run to its end."""


@dataclass(frozen=True)
class Understanding:
    """Shares from 0 to 1, milliseconds a message, and how many messages."""

    accuracy: float
    macro_f1: float
    oos_recall: float
    false_reject: float
    p50_ms: float
    p95_ms: float
    n: int

    @classmethod
    def of(cls, line: str) -> Understanding:
        """Read the last line of the evaluation. Raises NotJudged for any other line."""
        try:
            found = dict(part.split("=", 1) for part in line.split())
            figures = {name: float(found[name]) for name in cls.__dataclass_fields__}
        except (KeyError, ValueError) as error:
            raise NotJudged(line[:200]) from error
        return cls(**{**figures, "n": int(figures["n"])})  # type: ignore[arg-type]

    def as_json(self) -> dict[str, float]:
        """For `bench.json`."""
        return asdict(self)


def judged(model: Path, file: Path = FROZEN) -> Understanding:
    """Let the model parse every message of the file. Raises NotJudged."""
    done = subprocess.run(
        [
            str(bot_python()),
            "-W",
            "ignore",
            "-m",
            "bot.evaluation",
            str(file),
            "--model",
            str(model),
        ],
        cwd=ROOT,
        env={**os.environ, **_ONE_CORE, "PYTHONPATH": str(ROOT), "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NotJudged(done.stderr[-500:])
    return Understanding.of(done.stdout.rstrip().splitlines()[-1])
