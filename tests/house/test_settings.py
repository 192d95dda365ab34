"""docs/operations.md describes every setting there is, and no other."""

from __future__ import annotations

import re

import pytest

from tests.house import environment
from tests.house.sources import text_of
from ticketing.run.plan import ROOT

HANDBOOK = ROOT / "docs" / "operations.md"
_ROW = re.compile(r"^\| `([A-Z][A-Z0-9_]*)` \| (.*?) \| (.*?) \| (.*?) \|$", re.MULTILINE)

Rows = dict[str, tuple[str, str, str]]


@pytest.fixture(scope="module")
def rows() -> Rows:
    """The handbook's table: name → (default, processes, meaning)."""
    return {name: (default, who, what) for name, default, who, what in _found()}


def _found() -> list[tuple[str, str, str, str]]:
    return _ROW.findall(text_of(HANDBOOK))


def test_every_setting_is_in_the_handbook_once_and_no_other(rows: Rows) -> None:
    assert sorted(rows) == sorted(environment.everything())
    assert len(_found()) == len(rows)


def test_the_handbook_gives_the_defaults_of_the_code(rows: Rows) -> None:
    agreed = {
        name: next(iter(defaults))
        for name, defaults in environment.everything().items()
        if len(defaults) == 1
    }
    wanted = {name: f"`{default}`" if default else "–" for name, default in agreed.items()}
    assert {name: row[0] for name, row in rows.items() if name in wanted} == wanted


def test_the_handbook_names_the_processes_that_read_a_setting(rows: Rows) -> None:
    readers = {
        "api": environment.ticketing(),
        "worker": environment.ticketing(),
        "actions": environment.actions(),
        "bot": environment.bot(),
        "sandbox": environment.sandbox(),
        "run": environment.run(),
    }
    for name, (_, who, _) in rows.items():
        told = set(re.findall(r"[a-z]+", who))
        reading = {process for process, settings in readers.items() if name in settings}
        assert told <= reading, name
        assert told >= reading - {"worker", "run"}, name


def test_every_setting_has_a_meaning(rows: Rows) -> None:
    assert [name for name, (_, _, what) in rows.items() if len(what) < 4] == []
