"""Train the bot when what it has read has changed: `python -m ticketing.run.model`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from ticketing.run.freshness import fingerprint, is_fresh
from ticketing.run.plan import MODEL_NAME, ROOT, bot_python

INPUTS = (
    "config.yml",
    "nlu_data/train",
    "nlu_data/lookups",
    "nlu_data/dictionaries",
    "bot/domain",
    "bot/dialogue",
    "bot/components",
    "bot/uv.lock",
    "carriers/catalog.yml",
)


class TrainingFailed(Exception):
    """Rasa could not train the model; its own words are in the log."""


def train_if_needed(folder: Path) -> tuple[Path, bool]:
    """Return the model file, and whether it had to be trained."""
    model, stamp = folder / f"{MODEL_NAME}.tar.gz", folder / f"{MODEL_NAME}.inputs"
    wanted = fingerprint(ROOT, INPUTS)
    if is_fresh(model, stamp, wanted):
        return model, False
    folder.mkdir(parents=True, exist_ok=True)
    train(folder)
    stamp.write_text(wanted, "utf-8")
    return model, True


def train(folder: Path) -> None:
    """Train into `folder`; Rasa's output goes to a log file beside the model.

    Rasa orders features and rules by hash, so a fixed hash seed makes training repeatable.
    """
    command = [str(bot_python()), "-m", "rasa", "train", "--config", "config.yml"]
    sources = ["--domain", "bot/domain", "--data", "nlu_data/train", "bot/dialogue"]
    target = ["--out", str(folder), "--fixed-model-name", MODEL_NAME]
    quiet = {
        "PYTHONHASHSEED": "0",
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    log = folder / "training.log"
    with log.open("wb") as output:
        done = subprocess.run(
            [*command, "--skip-validation", *sources, *target],  # tests/bot validates
            cwd=ROOT,
            env={**os.environ, **quiet, "PYTHONPATH": str(ROOT)},
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        tail = log.read_text("utf-8", errors="replace")[-2000:]
        raise TrainingFailed(f"training failed, see {log}:\n{tail}")


def models_folder() -> Path:
    """Return where models are kept: `models` in DATA_DIR."""
    return Path(os.environ.get("DATA_DIR") or ROOT / "var").resolve() / "models"


if __name__ == "__main__":
    _model, _was_trained = train_if_needed(models_folder())
    sys.stdout.write(f"{_model} {'trained' if _was_trained else 'is up to date'}\n")
