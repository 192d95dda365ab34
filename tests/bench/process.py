"""Start a process with a log, wait until it answers, stop it."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.support.house import free_ports
from ticketing.run.plan import ROOT, Plan, Ports, Secrets

_POLL_SECONDS = 0.05
_STOP_SECONDS = 30.0
_TAIL = 1500


class DidNotStart(Exception):
    """A process ended or did not answer in time; its last words are in the message."""


@contextmanager
def running(
    command: Sequence[str], log: Path, env: Mapping[str, str], cwd: Path = ROOT
) -> Iterator[subprocess.Popen[bytes]]:
    """Yield a started process; stop it, and whatever is left of its group, afterwards."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            list(command),
            cwd=cwd,
            env=dict(env),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _stop(process)


def wait_for(url: str, process: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    """Return when `url` says 200. Raises DidNotStart."""
    deadline = time.monotonic() + seconds
    while not answers(url):
        if process.poll() is not None or time.monotonic() > deadline:
            raise DidNotStart(f"{url}:\n{tail(log)}")
        time.sleep(_POLL_SECONDS)


def wait_for_line(word: str, process: subprocess.Popen[bytes], log: Path, seconds: float) -> None:
    """Return when the log holds a word. Raises DidNotStart."""
    deadline = time.monotonic() + seconds
    while word not in log.read_text("utf-8", errors="replace"):
        if process.poll() is not None or time.monotonic() > deadline:
            raise DidNotStart(f"no {word} in the log:\n{tail(log)}")
        time.sleep(_POLL_SECONDS)


def answers(url: str) -> bool:
    """Tell whether something says 200 there."""
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def tail(log: Path) -> str:
    """Return the last words of a log."""
    return log.read_text("utf-8", errors="replace")[-_TAIL:]


def _stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(_STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def bare_plan(folder: Path, database_url: str) -> Plan:
    """Return a plan for `api` alone, on free ports, with secrets of its own and no model."""
    api, sandbox, bot, actions = free_ports(4)
    return Plan(
        data_dir=folder,
        ports=Ports(api=api, sandbox=sandbox, bot=bot, actions=actions),
        secrets=Secrets("bench-secret-key-of-32-characters", "bench-bot", "bench-actions"),
        database_url=database_url,
        model=folder / "none",
    )
