"""Under what conditions the figures were taken."""

from __future__ import annotations

import platform
from pathlib import Path
from typing import Any

import psutil

from ticketing.kernel import clock

_LOOK_SECONDS = 2.0


def conditions() -> dict[str, Any]:
    """Return the machine, and how busy it was with other things before anything was started."""
    return {
        "taken_at": clock.now().isoformat(timespec="seconds"),
        "cpu": _cpu_name(),
        "cores": psutil.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 1024**3, 1),
        "python": platform.python_version(),
        "busy_before_percent": psutil.cpu_percent(interval=_LOOK_SECONDS),
        "load_average": [round(each, 2) for each in psutil.getloadavg()],
    }


def _cpu_name() -> str:
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.exists():
        return platform.processor()
    lines = cpuinfo.read_text("utf-8").splitlines()
    named = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(named, platform.machine())
