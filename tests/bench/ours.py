"""The house as `make run` brings it up, and the customers who write to it."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from tests.bench.load import Client, Conversation, Prepare, TurnWentWrong
from tests.bench.process import running, wait_for, wait_for_line
from tests.support.house import free_ports
from ticketing.run import console, model
from ticketing.run.plan import MODEL_NAME

START_SECONDS = 180.0
TRACKED_PARCELS = 8
_CONFIRM = "确认提交"
_TICKET_NO = r"T\d{14}"
_LONGEST_REPORT = 6
_REPORT_ANSWERS = (
    ("后四位", "{phone_tail}"),
    ("收件人还是寄件人", "我是收件人"),
    ("简单说说", "打开箱子发现杯子碎了，外箱也瘪了"),
    ("运单号发给我", "{waybill_no}"),
)
_TRACKABLE = ("in_transit", "stuck_at_hub", "out_for_delivery", "signed")


@dataclass(frozen=True)
class Parcel:
    """One of the sandbox's parcels."""

    waybill_no: str
    phone_tail: str
    state: str


@dataclass(frozen=True)
class House:
    """A running house; `start_seconds` from the first process to `/readyz` 200."""

    url: str
    sandbox_url: str
    supervisor: int
    data_dir: Path
    start_seconds: float

    @property
    def webhook(self) -> str:
        """The door that is measured."""
        return f"{self.url}/webhooks/rest/webhook"

    def parcels(self) -> list[Parcel]:
        """Return the parcels that can be tracked with digits, in the sandbox's order."""
        shown = httpx.get(f"{self.sandbox_url}/shipments", timeout=10, trust_env=False).json()
        rows = [row for row in shown if row["state"] in _TRACKABLE and row["last_event"]]
        return [Parcel(row["waybill_no"], row["phone_tail"], row["state"]) for row in rows]


@contextmanager
def running_house() -> Iterator[House]:
    """Yield the house of `make run`, with an empty database and the trained model."""
    console.build_if_needed()
    trained, _ = model.train_if_needed(model.models_folder())
    with tempfile.TemporaryDirectory() as folder:
        data_dir = Path(folder)
        (data_dir / "models").mkdir()
        for file in trained.parent.glob(f"{MODEL_NAME}.*"):
            shutil.copy2(file, data_dir / "models")
        yield from _started(data_dir)


def _started(data_dir: Path) -> Iterator[House]:
    names = ("PORT", "SANDBOX_PORT", "BOT_PORT", "ACTIONS_PORT")
    ports = dict(zip(names, map(str, free_ports(len(names))), strict=True))
    kept = {key: value for key, value in os.environ.items() if key not in _NOT_INHERITED}
    environment = {**kept, **ports, "DATA_DIR": str(data_dir)}
    log = data_dir / "run.log"
    url = f"http://127.0.0.1:{ports['PORT']}"
    began = time.monotonic()
    with running([sys.executable, "-m", "ticketing.run"], log, environment) as process:
        wait_for(f"{url}/readyz", process, log, START_SECONDS)
        seconds = time.monotonic() - began
        wait_for_line("[就绪]", process, log, START_SECONDS)
        sandbox = f"http://127.0.0.1:{ports['SANDBOX_PORT']}"
        yield House(url, sandbox, process.pid, data_dir, round(seconds, 1))


_NOT_INHERITED = ("DATABASE_URL", "TRACKER_DATABASE_URL", "REDIS_URL")


def trained_model() -> Path:
    """The model of `make run`."""
    return model.models_folder() / f"{MODEL_NAME}.tar.gz"


def training_seconds(folder: Path) -> float:
    """Train our model into an empty folder, with an empty cache, and return the seconds."""
    before = os.environ.get("RASA_CACHE_DIRECTORY")
    os.environ["RASA_CACHE_DIRECTORY"] = str(folder / "cache")
    began = time.monotonic()
    try:
        model.train(folder)
    finally:
        del os.environ["RASA_CACHE_DIRECTORY"]
        if before is not None:
            os.environ["RASA_CACHE_DIRECTORY"] = before
    return round(time.monotonic() - began, 1)


async def thanks(client: Client, _number: int) -> Conversation:
    """A customer whose turn needs no action."""
    sender = f"bench-{uuid.uuid4().hex}"
    await client.say(sender, "你好")
    await client.say(sender, "谢谢")
    return Conversation(sender, "谢谢", "不客气")


def tracking(parcels: list[Parcel]) -> Prepare:
    """Customers who have shown the digits of a parcel and ask for it again: one action."""

    async def prepare(client: Client, number: int) -> Conversation:
        parcel = parcels[number % min(TRACKED_PARCELS, len(parcels))]
        sender = f"bench-{uuid.uuid4().hex}"
        await client.say(sender, f"查一下{parcel.waybill_no}到哪了")
        shown = await client.say(sender, parcel.phone_tail)
        expects = rf"{parcel.waybill_no}.*(最新|最后一条)"
        if parcel.waybill_no not in shown.text:
            raise TurnWentWrong(f"{parcel.state}: {shown.text[:120]}")
        return Conversation(sender, "我的快递到哪了", f"(?s){expects}")

    return prepare


def reporting(parcels: list[Parcel]) -> Prepare:
    """Customers one word away from their ticket, each with a parcel of their own."""
    left = iter(parcels)

    async def prepare(client: Client, _number: int) -> Conversation:
        parcel = next(left, None)
        if parcel is None:
            raise TurnWentWrong("the sandbox has no more parcels")
        sender = f"bench-{uuid.uuid4().hex}"
        said = await client.say(sender, f"{parcel.waybill_no} 收到的时候杯子碎了")
        for _ in range(_LONGEST_REPORT):
            if _CONFIRM in said.titles:
                return Conversation(sender, _CONFIRM, _TICKET_NO)
            said = await client.say(sender, reply_to(said.text, parcel))
        raise TurnWentWrong(f"no confirmation was asked for: {said.text[:120]}")

    return prepare


def reply_to(question: str, parcel: Parcel) -> str:
    """Return what the customer says to a question of the report. Raises TurnWentWrong."""
    for words, reply in _REPORT_ANSWERS:
        if words in question:
            return reply.format(phone_tail=parcel.phone_tail, waybill_no=parcel.waybill_no)
    raise TurnWentWrong(f"not a question of the report: {question[:120]}")
