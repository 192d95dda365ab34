"""How much memory each process of the house keeps resident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil

SANDBOX = "sandbox"
POSTGRES = "postgres"
BOT = "bot"
_ROLES = (
    ("ticketing.run", "make run"),
    ("ticketing.app:create", "api"),
    ("ticketing.worker", "worker"),
    ("sandbox", SANDBOX),
    ("actions", "actions"),
    ("bot", BOT),
)
_MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Resident:
    """Megabytes of one part: RSS counts shared pages in every process, PSS shares them out."""

    name: str
    processes: int
    rss_mb: float
    pss_mb: float | None

    def as_json(self) -> dict[str, Any]:
        """Return the part for `bench.json`."""
        return asdict(self)


def role(command: Sequence[str]) -> str:
    """Return the part of the house that a command line runs, or `other`."""
    return next((name for word, name in _ROLES if word in command), "other")


def together(parts: Sequence[Resident], *, without: str = "") -> Resident:
    """Return the sum of the parts; PSS only where every part has one."""
    counted = [part for part in parts if part.name != without]
    shares = [part.pss_mb for part in counted if part.pss_mb is not None]
    return Resident(
        name="together",
        processes=sum(part.processes for part in counted),
        rss_mb=round(sum(part.rss_mb for part in counted), 1),
        pss_mb=round(sum(shares), 1) if len(shares) == len(counted) else None,
    )


def of_house(supervisor: int, data_dir: Path) -> list[Resident]:
    """Measure the supervisor's process, its children and the embedded PostgreSQL."""
    top = psutil.Process(supervisor)
    by_name: dict[str, list[psutil.Process]] = {}
    for process in (top, *top.children(recursive=True)):
        by_name.setdefault(role(process.cmdline()), []).append(process)
    by_name[POSTGRES] = _postgres(data_dir)
    return [_measured(name, processes) for name, processes in by_name.items()]


def _postgres(data_dir: Path) -> list[psutil.Process]:
    pid_file = data_dir / "postgres" / "postmaster.pid"
    postmaster = psutil.Process(int(pid_file.read_text("utf-8").splitlines()[0]))
    return [postmaster, *postmaster.children(recursive=True)]


def _measured(name: str, processes: Sequence[psutil.Process]) -> Resident:
    rss, pss = 0, 0
    for process in processes:
        info = process.memory_full_info()
        rss += info.rss
        pss += getattr(info, "pss", 0)
    return Resident(
        name, len(processes), round(rss / _MEGABYTE, 1), round(pss / _MEGABYTE, 1) or None
    )
