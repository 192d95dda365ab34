"""Start the processes of a plan, keep them running, stop them."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from ticketing.run.plan import ROOT, Plan

_STOP_SECONDS = 10.0
_POLL_SECONDS = 0.1


class NotReadyInTime(Exception):
    """A part of the house did not come up; the message names it and its log."""


class System:
    """The house's processes; what each one prints goes to a file in `logs/`."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._logs = plan.data_dir / "logs"

    def start(self) -> None:
        """Start every process."""
        self._logs.mkdir(parents=True, exist_ok=True)
        for name in self.plan.commands():
            self.start_one(name)

    def start_one(self, name: str) -> None:
        """Start one process, in a process group of its own."""
        with self.log(name).open("ab") as output:
            self._running[name] = subprocess.Popen(
                self.plan.commands()[name],
                cwd=ROOT,
                env=self.plan.environment(),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def log(self, name: str) -> Path:
        """Return the log file of a process."""
        return self._logs / f"{name}.log"

    def pid(self, name: str) -> int:
        """Return the process id of a part."""
        return self._running[name].pid

    def kill(self, name: str) -> None:
        """Kill a part without warning (SIGKILL to its process group)."""
        process = self._running[name]
        _signal_group(process, signal.SIGKILL)
        process.wait()

    def dead(self) -> list[str]:
        """Return the parts that have ended."""
        return [name for name, process in self._running.items() if process.poll() is not None]

    def revive(self) -> list[str]:
        """Start again what has ended; return the names."""
        names = self.dead()
        for name in names:
            self.start_one(name)
        return names

    def wait_until_ready(self, seconds: float, meanwhile: Callable[[], None]) -> None:
        """Return when `/readyz` says so; raise `NotReadyInTime`, also when a part has ended."""
        deadline = time.monotonic() + seconds
        while not self.is_ready():
            if self.dead():
                raise NotReadyInTime(self._last_words(self.dead()))
            if time.monotonic() > deadline:
                raise NotReadyInTime(f"not ready after {seconds:.0f} s: {self.missing()}")
            meanwhile()
            time.sleep(_POLL_SECONDS)

    def is_ready(self) -> bool:
        """Tell whether every part answers, the sandbox included."""
        return not self.missing()

    def missing(self) -> list[str]:
        """Return the parts that do not answer yet."""
        missing = [] if _answers(f"{self.plan.sandbox_url}/healthz") else ["sandbox"]
        try:
            shown = httpx.get(f"{self.plan.api_url}/readyz", timeout=3, trust_env=False)
        except httpx.HTTPError:
            return [*missing, "api"]
        return [*missing, *shown.json()["missing"]]

    def stop(self) -> None:
        """Stop every process this object started, politely first."""
        for process in self._running.values():
            _signal_group(process, signal.SIGTERM)
        deadline = time.monotonic() + _STOP_SECONDS
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                _signal_group(process, signal.SIGKILL)
                process.wait()
        self._running.clear()

    def _last_words(self, names: list[str]) -> str:
        parts = []
        for name in names:
            tail = self.log(name).read_text("utf-8", errors="replace")[-1500:]
            parts.append(f"{name} ended, see {self.log(name)}:\n{tail}")
        return "\n".join(parts)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


def _signal_group(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    if process.poll() is None:
        os.killpg(process.pid, number)
