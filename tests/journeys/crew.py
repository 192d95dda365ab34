"""Several workers of one house, killed again and again at moments that hurt."""

from __future__ import annotations

import os
import random
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from typing import Any

import psycopg
from psycopg.rows import dict_row

from tests.journeys.waiting import until
from ticketing.run.plan import Plan
from ticketing.run.system import System

NAMES = ("worker-anna", "worker-bert", "worker-cora")
SINGLE_KILLS, POWER_CUTS = 12, 3
START_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 0.6
PATIENCE_SECONDS = 1.5

_CONNECTED = """
SELECT DISTINCT application_name AS name FROM pg_stat_activity WHERE application_name = ANY(%s)
"""
_WRITING = f"{_CONNECTED} AND backend_xid IS NOT NULL"
_IN_HAND = "SELECT id, claim FROM deliveries WHERE state = 'sending'"
# What waits for a time, and what a dead worker holds, finds a quarter of an hour gone by.
_TIME_GOES_BY = (
    "UPDATE procrastinate_workers SET last_heartbeat = last_heartbeat - interval '15 minutes'",
    "UPDATE procrastinate_jobs SET scheduled_at = scheduled_at - interval '15 minutes'"
    " WHERE status = 'todo' AND task_name = 'deliver_message'",
    "UPDATE deliveries SET next_at = next_at - interval '15 minutes',"
    " claimed_at = claimed_at - interval '15 minutes' WHERE state IN ('queued', 'sending')",
)


@dataclass(frozen=True)
class NamedPlan(Plan):
    """A plan whose database connections bear a name."""

    name: str = ""

    def environment(self) -> dict[str, str]:
        """Return the plan's own settings, with what makes many starts quick."""
        named = {**super().environment(), "PGAPPNAME": self.name}
        if not os.environ.get("PYTHONDONTWRITEBYTECODE"):
            return named
        kept = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": f"{self.data_dir}/bytecode"}
        return named | kept


@dataclass(frozen=True)
class Kill:
    """One SIGKILL: whether the worker was in the middle of writing, and what was being sent.

    `in_hand`: deliveries and the claims under which somebody had them.
    """

    name: str
    was_writing: bool
    in_hand: frozenset[tuple[uuid.UUID, uuid.UUID]]


@dataclass
class Crew:
    """Workers that take the place of the house's own."""

    house: System
    systems: dict[str, System]
    database: psycopg.Connection[dict[str, Any]]
    kills: list[Kill] = field(default_factory=list)

    @classmethod
    @contextmanager
    def of(cls, house: System) -> Iterator[Crew]:
        """Kill the house's own worker, let a crew work instead, and give the house its own back."""
        own = {each.name: getattr(house.plan, each.name) for each in fields(house.plan)}
        systems = {name: System(NamedPlan(**own, name=name)) for name in NAMES}
        url = house.plan.database_url
        with psycopg.connect(url, autocommit=True, row_factory=dict_row) as database:
            crew = cls(house, systems, database)
            house.kill("worker")
            try:
                yield crew
            finally:
                for system in systems.values():
                    system.stop()
                house.revive()

    def start(self) -> None:
        """Start one worker, and the others when it has left its bytecode to them."""
        for system in self.systems.values():
            system.start_one("worker")
            self._wait_for(NAMES[0])

    def kill_again_and_again(self, dice: random.Random) -> None:
        """Kill at random: mostly the one alive longest, now and then everybody at once.

        The last time it is everybody, and one worker begins anew.
        """
        deeds = ["one"] * SINGLE_KILLS + ["all"] * (POWER_CUTS - 1)
        for deed in dice.sample(deeds, len(deeds)):
            if deed == "all":
                self.cut_the_power(dice)
            else:
                self.kill_the_oldest(dice)
        self.cut_the_power(dice, survivors=1)

    def kill_the_oldest(self, dice: random.Random) -> None:
        """Kill the one alive longest, at any moment or as soon as it writes; start it again."""
        name = next(iter(self.systems))
        self.systems[name] = self.systems.pop(name)
        self._wait_for(name)
        if dice.random() < 0.4:
            threading.Event().wait(dice.uniform(0.0, LONGEST_PAUSE_SECONDS))
        else:
            self._wait_for_work(name)
        self._kill(name)
        self.systems[name].revive()

    def cut_the_power(self, dice: random.Random, survivors: int = len(NAMES)) -> None:
        """Kill everybody at once; a quarter of an hour later some start again."""
        for name in self.systems:
            self._wait_for(name)
        threading.Event().wait(dice.uniform(0.0, LONGEST_PAUSE_SECONDS))
        self._wait_for_work(*self.systems)
        self._kill(*self.systems)
        for statement in _TIME_GOES_BY:
            self.database.execute(statement)
        for system in [*self.systems.values()][:survivors]:
            system.revive()

    def _kill(self, *names: str) -> None:
        writing = self._named(_WRITING, names)
        for name in names:
            self.systems[name].kill("worker")
        rows = self.database.execute(_IN_HAND).fetchall()
        in_hand = frozenset((row["id"], row["claim"]) for row in rows)
        self.kills += [Kill(name, name in writing, in_hand) for name in names]

    def _wait_for(self, name: str) -> None:
        until(lambda: self._named(_CONNECTED, [name]), START_SECONDS, f"{name} at work")

    def _wait_for_work(self, *names: str) -> None:
        """Return as soon as one of them is writing, or when patience ends."""
        tick = threading.Event()
        for _ in range(int(PATIENCE_SECONDS / 0.002)):
            if self._named(_WRITING, names):
                return
            tick.wait(0.002)

    def _named(self, query: str, names: tuple[str, ...] | list[str]) -> set[str]:
        return {row["name"] for row in self.database.execute(query, (list(names),))}
