"""What a run of the benchmark has found, stage by stage."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.bench.figures import Figures
from tests.bench.memory import Resident
from tests.bench.pages import Pages
from tests.bench.sla import Lateness
from tests.bench.understanding import Understanding
from tests.bench.widgets import Idle

OURS, STOCK = "ours", "stock"
PLAIN, ACTION, TICKET = "plain", "action", "ticket"
THERE, BACK, BOTH = "talk_there", "talk_back", "talk_both"
OPEN, RUSH, COMPLETE, LIST, SEARCH = "open", "rush", "complete", "list", "search"


@dataclass
class Results:
    """Figures by `system.kind.concurrency`, seconds by `system.what`, and what failed."""

    conditions: dict[str, Any]
    figures: dict[str, Figures] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    memory: list[Resident] = field(default_factory=list)
    stock_rss_mb: float | None = None
    understanding: dict[str, Understanding] = field(default_factory=dict)
    statements: dict[str, int] = field(default_factory=dict)
    """How many SQL statements a request at the desk takes, by its sort."""
    lateness: Lateness | None = None
    idle: Idle | None = None
    pages: Pages | None = None
    failed: dict[str, str] = field(default_factory=dict)

    def cell(self, system: str, kind: str, concurrency: int) -> Figures | None:
        """Return the figures of a cell, or nothing when it was not measured."""
        return self.figures.get(cell_name(system, kind, concurrency))

    def as_json(self) -> dict[str, Any]:
        """Return everything for `bench.json`."""
        return {
            "conditions": self.conditions,
            "turns": {name: figures.as_json() for name, figures in self.figures.items()},
            "seconds": self.seconds,
            "memory": [part.as_json() for part in self.memory],
            "stock_rss_mb": self.stock_rss_mb,
            "understanding": {name: each.as_json() for name, each in self.understanding.items()},
            "statements": self.statements,
            "lateness": self.lateness.as_json() if self.lateness else None,
            "idle": self.idle.as_json() if self.idle else None,
            "pages": self.pages.as_json() if self.pages else None,
            "failed": self.failed,
        }


def cell_name(system: str, kind: str, concurrency: int) -> str:
    """Return the name of a cell: `ours.action.16`."""
    return f"{system}.{kind}.{concurrency}"
