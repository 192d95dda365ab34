"""Which process is which, and what they need together."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.bench.memory import Resident, role, together
from ticketing.run.plan import Plan, Ports, Secrets


def test_every_command_of_the_house_is_known_by_its_name() -> None:
    plan = Plan(Path("var"), Ports(), Secrets("a", "b", "c"), "postgresql:///x", Path("m.tar.gz"))
    assert {name: role(command) for name, command in plan.commands().items()} == {
        name: name for name in plan.commands()
    }


@pytest.mark.parametrize(
    ("command", "name"),
    [(["python", "-m", "ticketing.run"], "make run"), (["sleep", "1"], "other")],
)
def test_the_supervisor_is_known_and_a_stranger_is_not(command: list[str], name: str) -> None:
    assert role(command) == name


def test_pss_is_told_only_where_every_part_has_one() -> None:
    known, unknown = Resident("api", 1, 100.0, 80.0), Resident("bot", 2, 50.5, None)
    assert together([known, unknown]) == Resident("together", 3, 150.5, None)
    assert together([known, unknown], without="bot") == Resident("together", 1, 100.0, 80.0)


def test_parts_have_a_shape_for_the_file() -> None:
    assert Resident("api", os.cpu_count() or 1, 1.0, None).as_json()["pss_mb"] is None
