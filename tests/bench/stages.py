"""The stages of a run; one that fails is a line of the table, not the end."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.bench import (
    browsing,
    desk,
    memory,
    ours,
    plan,
    sla,
    statements,
    stock,
    talks,
    understanding,
    widgets,
)
from tests.bench.load import Cell, Prepare, measure
from tests.bench.plan import Counts
from tests.bench.results import ACTION, OURS, PLAIN, STOCK, TICKET, Results, cell_name

_LONGEST = 1200


@contextmanager
def stage(results: Results, name: str) -> Iterator[None]:
    """Show that a stage begins; note its failure and go on."""
    _say(f"[测量] {name}")
    try:
        yield
    except Exception as error:  # noqa: BLE001 - the edge of a stage: the table says what failed
        results.failed[name] = f"{type(error).__name__}: {error}"[:_LONGEST]
        _say(f"[失败] {name}：{results.failed[name]}")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def house(results: Results, counts: Counts) -> None:
    """Start our house and measure it."""
    with stage(results, f"{OURS}.start"), ours.running_house() as running:
        results.seconds[f"{OURS}.start"] = running.start_seconds
        parcels = running.parcels()
        for kind, prepare in ((PLAIN, ours.thanks), (ACTION, ours.tracking(parcels))):
            _turns(results, (OURS, kind), running.webhook, prepare, counts)
        report = ours.reporting(parcels)
        for at in plan.TICKETS_AT:
            cell = Cell(report, conversations=counts.tickets, turns_each=1, concurrency=at)
            _measure(results, cell_name(OURS, TICKET, at), running.webhook, cell)
        with stage(results, f"{OURS}.memory"):
            results.memory = memory.of_house(running.supervisor, running.data_dir)
    _understanding(results, OURS, ours.trained_model())


def stock_rasa(results: Results, counts: Counts, folder: Path) -> None:
    """Train stock Rasa, start it and measure it."""
    with stage(results, f"{STOCK}.training"):
        trained = stock.train(folder, again=counts.train)
        results.seconds[f"{STOCK}.training"] = trained.seconds
    if f"{STOCK}.training" in results.failed:
        return
    with stage(results, f"{STOCK}.start"), stock.running_stock(trained) as running:
        results.seconds[f"{STOCK}.start"] = running.start_seconds
        for kind, prepare in ((PLAIN, stock.thanks), (ACTION, stock.tracking)):
            _turns(results, (STOCK, kind), running.webhook, prepare, counts)
        with stage(results, f"{STOCK}.memory"):
            results.stock_rss_mb = running.rss_mb()
    _understanding(results, STOCK, trained.model)


def training(results: Results) -> None:
    """Train our model from nothing."""
    with stage(results, f"{OURS}.training"), tempfile.TemporaryDirectory() as folder:
        results.seconds[f"{OURS}.training"] = ours.training_seconds(Path(folder))


def ticket_desk(results: Results, counts: Counts) -> None:
    """Measure tickets opened, worked on, listed and found, among many."""
    with stage(results, f"{OURS}.desk"):
        for name, figures in desk.measured(counts.filed, counts.requests):
            results.figures[cell_name(OURS, name, figures.concurrency)] = figures
    with stage(results, f"{OURS}.statements"):
        results.statements = statements.counted()


def time_limits(results: Results, counts: Counts) -> None:
    """Measure how late time limits fire."""
    with stage(results, f"{OURS}.time_limits"):
        results.lateness = sla.firing_lateness(counts.clocks)


def talks_with_people(results: Results, counts: Counts) -> None:
    """Measure words on their way to an agent and back."""
    with stage(results, f"{OURS}.talks"):
        for name, figures in talks.measured(counts.exchanges):
            results.figures[cell_name(OURS, name, figures.concurrency)] = figures


def idle_widgets(results: Results, counts: Counts) -> None:
    """Measure what widgets cost that are open and silent."""
    with stage(results, f"{OURS}.widgets"):
        results.idle = widgets.measured(counts.widgets)


def pages_in_a_browser(results: Results, counts: Counts) -> None:
    """Measure how large the pages are, and how long people wait for them."""
    with stage(results, f"{OURS}.pages"):
        results.pages = browsing.measured(counts.loads, counts.switches)


def _understanding(results: Results, system: str, model: Path) -> None:
    with stage(results, f"{system}.understanding"):
        results.understanding[system] = understanding.judged(model)


def _turns(
    results: Results, name: tuple[str, str], url: str, prepare: Prepare, counts: Counts
) -> None:
    for at in plan.TURNS_AT:
        cell = Cell(prepare, counts.conversations, counts.turns_each, at)
        _measure(results, cell_name(*name, at), url, cell)


def _measure(results: Results, name: str, url: str, cell: Cell) -> None:
    with stage(results, name):
        results.figures[name] = measure(url, cell)
