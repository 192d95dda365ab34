"""Stock Rasa 3.6.21 from the bot's environment, with its own channel and action server."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import yaml

from tests.bench import stock_project
from tests.bench.load import Client, Conversation
from tests.bench.process import DidNotStart, running, tail, wait_for
from tests.support.house import free_ports
from ticketing.run.plan import ROOT, bot_python

START_SECONDS = 180.0
FILES = Path(__file__).with_name("stock_files")
EXAMPLES = ROOT / "nlu_data" / "train"
INTENTS = ROOT / "bot" / "domain" / "understanding.yml"
_MODEL = "stock"


@dataclass(frozen=True)
class Trained:
    """A folder with the project and its model; how many seconds training took."""

    folder: Path
    seconds: float

    @property
    def model(self) -> Path:
        """The model file."""
        return self.folder / f"{_MODEL}.tar.gz"


@dataclass(frozen=True)
class StockRasa:
    """A running stock Rasa with its action server."""

    url: str
    start_seconds: float
    pids: tuple[int, ...]

    @property
    def webhook(self) -> str:
        """Rasa's own REST channel."""
        return f"{self.url}/webhooks/rest/webhook"

    def rss_mb(self) -> float:
        """Megabytes that Rasa and its action server keep resident."""
        rss = sum(psutil.Process(pid).memory_info().rss for pid in self.pids)
        return round(rss / 1024**2, 1)


def train(folder: Path, *, again: bool) -> Trained:
    """Train stock Rasa on our examples; without `again` any earlier model will do."""
    stamp = folder / "trained.json"
    if stamp.exists() and not again:
        return Trained(folder, json.loads(stamp.read_text("utf-8"))["seconds"])
    shutil.rmtree(folder, ignore_errors=True)
    write_project(folder)
    trained = Trained(folder, _train(folder))
    stamp.write_text(json.dumps({"seconds": trained.seconds}), "utf-8")
    return trained


def write_project(folder: Path) -> None:
    """Write configuration, domain and rules."""
    shutil.copytree(FILES, folder, ignore=shutil.ignore_patterns("__pycache__"))
    intents = yaml.safe_load(INTENTS.read_text("utf-8"))["intents"]
    _write(folder / "domain.yml", stock_project.domain(intents))
    (folder / "dialogue").mkdir()
    _write(folder / "dialogue" / "rules.yml", stock_project.rules(intents))


def _write(path: Path, content: object) -> None:
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), "utf-8")


def _train(folder: Path) -> float:
    sources = ["--config", "config.yml", "--domain", "domain.yml"]
    data = ["--data", str(EXAMPLES), "dialogue"]
    target = ["--out", str(folder), "--fixed-model-name", _MODEL]
    log = folder / "training.log"
    began = time.monotonic()
    with log.open("wb") as output:
        done = subprocess.run(
            [str(bot_python()), "-m", "rasa", "train", *sources, *data, *target],
            cwd=folder,
            env=_environment(RASA_CACHE_DIRECTORY=str(folder / "cache")),
            stdout=output,
            stderr=subprocess.STDOUT,
            check=False,
        )
    if done.returncode:
        raise DidNotStart(tail(log))
    return round(time.monotonic() - began, 1)


@contextmanager
def running_stock(trained: Trained) -> Iterator[StockRasa]:
    """Yield stock Rasa and stock rasa_sdk, both as their command lines start them."""
    port, actions_port = free_ports(2)
    python, folder = str(bot_python()), trained.folder
    serve = ["run", "--model", str(trained.model), "--interface", "127.0.0.1", "--port", str(port)]
    given = ["--endpoints", "endpoints.yml", "--credentials", "credentials.yml"]
    actions = ["-m", "rasa_sdk", "--actions", "canned_action", "--port", str(actions_port)]
    env = _environment(STOCK_ACTIONS_PORT=str(actions_port), PYTHONPATH=str(folder))
    log, actions_log = folder / "rasa.log", folder / "actions.log"
    began = time.monotonic()
    with (
        running([python, *actions], actions_log, env, folder) as action_server,
        running([python, "-m", "rasa", *serve, *given], log, env, folder) as rasa,
    ):
        wait_for(f"http://127.0.0.1:{port}/webhooks/rest/", rasa, log, START_SECONDS)
        seconds = round(time.monotonic() - began, 1)
        health = f"http://127.0.0.1:{actions_port}/health"
        wait_for(health, action_server, actions_log, START_SECONDS)
        yield StockRasa(f"http://127.0.0.1:{port}", seconds, (rasa.pid, action_server.pid))


def _environment(**more: str) -> dict[str, str]:
    quiet = {
        "RASA_TELEMETRY_ENABLED": "false",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    }
    return {**os.environ, **quiet, **more}


async def thanks(client: Client, _number: int) -> Conversation:
    """A customer whose turn needs no action."""
    sender = f"bench-{uuid.uuid4().hex}"
    await client.say(sender, "你好")
    await client.say(sender, "谢谢")
    return Conversation(sender, "谢谢", stock_project.CANNED)


async def tracking(client: Client, _number: int) -> Conversation:
    """A customer whose turn needs the canned action."""
    sender = f"bench-{uuid.uuid4().hex}"
    await client.say(sender, "你好")
    await client.say(sender, "我的快递到哪了")
    return Conversation(sender, "我的快递到哪了", "SF1234567890123")
