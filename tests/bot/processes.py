"""Real processes around the bot's tests: PostgreSQL, the action server, the bot itself."""

from __future__ import annotations

import os
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

TOP = Path(__file__).parents[2]
TOP_PYTHON = TOP / ".venv/bin/python"
BOT_PYTHON = TOP / "bot/.venv/bin/python"
READY_WITHIN_SECONDS = 120


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL: the one of TRACKER_DATABASE_URL, else one of its own."""
    if url := os.environ.get("TRACKER_DATABASE_URL"):
        yield url
        return
    with tempfile.TemporaryDirectory() as folder:
        child = subprocess.Popen(
            [TOP_PYTHON, Path(__file__).with_name("postgres_child.py"), folder],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert child.stdout is not None
        try:
            yield child.stdout.readline().strip()
        finally:
            child.communicate(timeout=60)


def answers(url: str) -> bool:
    """Whether something says 200 there."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def process(
    command: list[str | Path], health: str, env: dict[str, str], log_file: Path | None = None
) -> Iterator[int]:
    """Run a process of the project until the block ends; its pid once `health` says 200."""
    log = log_file.open("w+b") if log_file else tempfile.TemporaryFile()  # noqa: SIM115 - below
    child = subprocess.Popen(
        command, cwd=TOP, env={**os.environ, **env}, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        deadline = time.monotonic() + READY_WITHIN_SECONDS
        while not answers(health):
            if child.poll() is not None or time.monotonic() > deadline:
                log.seek(0)
                raise AssertionError(log.read().decode()[-3000:])
            time.sleep(0.2)
        yield child.pid
    finally:
        child.terminate()
        child.wait(timeout=30)
        log.close()


@contextmanager
def action_server(backend_url: str, token: str, log_file: Path | None = None) -> Iterator[str]:
    """The real action server; its webhook's URL."""
    port = free_port()
    env = {"ACTIONS_PORT": str(port), "BACKEND_URL": backend_url, "ACTIONS_TOKEN": token}
    health = f"http://127.0.0.1:{port}/health"
    with process([TOP_PYTHON, "-m", "actions"], health, env, log_file):
        yield f"http://127.0.0.1:{port}/webhook"


@contextmanager
def bot(
    actions_url: str, database_url: str, token: str, log_file: Path | None = None
) -> Iterator[str]:
    """The real bot with the trained model; the URL of its door."""
    port = free_port()
    door = f"http://127.0.0.1:{port}/webhooks/yiwen"
    env = {
        "BOT_PORT": str(port),
        "BOT_TOKEN": token,
        "ACTIONS_URL": actions_url,
        "TRACKER_DATABASE_URL": database_url,
    }
    with process([BOT_PYTHON, "-m", "bot"], f"{door}/health", env, log_file):
        yield door
