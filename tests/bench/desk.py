"""The ticket desk under load: two `api` processes, PostgreSQL, 150,000 tickets, twenty people."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Coroutine, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import batched
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import psutil

from tests.bench import desk_people, desk_work
from tests.bench.asking import Answers, Ask, ask_all
from tests.bench.figures import Figures
from tests.bench.many_tickets import fill
from tests.bench.plan import DESK_AT, RUSH_AT
from tests.bench.process import bare_plan, running, wait_for
from tests.bench.results import COMPLETE, LIST, OPEN, RUSH, SEARCH
from tests.support.postgres import fresh_database

WORKERS = 2
START_SECONDS = 60.0
WARM_UP = 200
BATCH = 300

type Employ = Callable[[str], Coroutine[Any, Any, None]]
"""Adds people to a database, by its address."""


@dataclass(frozen=True)
class Desk:
    """A running desk, and the processes whose processor time is counted."""

    url: str
    token: str
    database_url: str
    roots: tuple[psutil.Process, ...]

    def ask(self, asks: Iterable[Ask], at: int) -> tuple[Figures, list[Any]]:
        """Ask everything, so many at a time; return the figures and what was answered.

        Every few hundred requests, while nobody is asking, the people hand in what they have.
        """
        answers, spent = Answers(), 0.0
        for some in batched(asks, BATCH):
            asyncio.run(desk_people.relieve(self.database_url))
            before = self.cpu_seconds()
            answers.add(ask_all(self.url, self.token, some, at))
            spent += self.cpu_seconds() - before
        each = spent / (len(answers.seconds) or 1)
        return replace(answers.figures(at), cpu_ms=round(each * 1000, 2)), answers.said

    def cpu_seconds(self) -> float:
        """Return the processor time of `api` and PostgreSQL, ended children included."""
        everybody = {p for root in self.roots for p in (root, *root.children(recursive=True))}
        return sum(sum(each.cpu_times()[:4]) for each in everybody if each.is_running())


@contextmanager
def running_desk(tickets: int, employ: Employ = desk_people.employ) -> Iterator[Desk]:
    """Yield a desk with so many tickets behind it, as `make run` starts `api`, but two of them."""
    with fresh_database() as database_url, tempfile.TemporaryDirectory() as folder:
        asyncio.run(employ(database_url))
        asyncio.run(fill(database_url, tickets))
        plan = bare_plan(Path(folder), database_url)
        command = [*plan.commands()["api"], "--workers", str(WORKERS)]
        log = Path(folder) / "api.log"
        with running(command, log, plan.environment()) as process:
            wait_for(f"{plan.api_url}/healthz", process, log, START_SECONDS)
            roots = (psutil.Process(process.pid), _postmaster(database_url))
            yield Desk(plan.api_url, _signed_in(plan.api_url), database_url, roots)


def _signed_in(url: str) -> str:
    form = {
        "grant_type": "password",
        "username": desk_people.LEAD,
        "password": desk_people.PASSWORD,
    }
    answer = httpx.post(f"{url}/api/oauth/token", data=form, timeout=30, trust_env=False)
    return str(answer.raise_for_status().json()["access_token"])


def _postmaster(database_url: str) -> psutil.Process:
    folder = parse_qs(urlsplit(database_url).query)["host"][0]
    return psutil.Process(int((Path(folder) / "postmaster.pid").read_text().split()[0]))


def measured(tickets: int, requests: int) -> Iterator[tuple[str, Figures]]:
    """Yield the name and the figures of each sort of work, one after another."""
    with running_desk(tickets) as desk:
        desk.ask(desk_work.openings(range(WARM_UP)), max(DESK_AT))
        numbers = range(WARM_UP, WARM_UP + requests)
        yield RUSH, desk.ask(desk_work.openings(numbers), RUSH_AT)[0]
        for at in DESK_AT:
            numbers = range(numbers.stop, numbers.stop + requests)
            opened, filed = desk.ask(desk_work.openings(numbers), at)
            yield OPEN, opened
            yield COMPLETE, desk.ask(desk_work.completions(filed), at)[0]
            for name, asks in ((LIST, desk_work.pages), (SEARCH, desk_work.searches)):
                desk.ask(asks(WARM_UP), at)
                yield name, desk.ask(asks(requests), at)[0]
