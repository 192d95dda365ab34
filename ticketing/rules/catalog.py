"""Which tables there are, what they must answer, and which facts they may look at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ticketing.kernel.errors import HouseError

TYPES = ("string", "number", "boolean")
_HERE = Path(__file__).parent


class RuleTableUnknown(HouseError):
    """No table of that name, or not in that version."""

    status, code = 404, "rule_table_unknown"

    def __init__(self, table: str, version: str | None = None) -> None:
        what = f"规则表 {table}" + (f" 的版本 {version}" if version else "")
        super().__init__(f"没有{what}", table=table, version=version)


@dataclass(frozen=True)
class KnownFact:
    """A fact rules may look at; `values` are the Chinese words for single values."""

    name: str
    label: str
    type: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Answer:
    """An output a table must have; no `values`: anything of the type may stand there."""

    name: str
    label: str
    type: str
    values: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    optional: bool = False


@dataclass(frozen=True)
class Purpose:
    """What a table is for; `collects`: every rule that fires adds an answer."""

    name: str
    label: str
    outputs: tuple[Answer, ...]
    collects: bool = False


@cache
def known_facts() -> Mapping[str, KnownFact]:
    """Return the facts by name."""
    return {name: KnownFact(name, **row) for name, row in _rows("facts.yml").items()}


@cache
def purposes() -> Mapping[str, Purpose]:
    """Return the tables by name."""
    return {
        name: Purpose(
            name,
            row["label"],
            tuple(_answer(key, answer) for key, answer in row["outputs"].items()),
            row.get("collects", False),
        )
        for name, row in _rows("catalog.yml").items()
    }


def purpose(table: str) -> Purpose:
    """Return what a table is for; raise `RuleTableUnknown`."""
    found = purposes().get(table)
    if found is None:
        raise RuleTableUnknown(table)
    return found


def words_for(name: str) -> Mapping[str, str]:
    """Return the Chinese words for the values of a fact or an output."""
    known, answer = known_facts().get(name), _answers().get(name)
    return {**(known.values if known else {}), **(answer.words if answer else {})}


def fact_label(name: str) -> str:
    """Return the Chinese word for a fact."""
    found = known_facts().get(name)
    return found.label if found else name


def answer_label(name: str) -> str:
    """Return the Chinese word for an output."""
    found = _answers().get(name)
    return found.label if found else name


@cache
def _answers() -> Mapping[str, Answer]:
    return {answer.name: answer for found in purposes().values() for answer in found.outputs}


def _answer(name: str, row: dict[str, Any]) -> Answer:
    return Answer(name, **{**row, "values": tuple(row.get("values", ()))})


def _rows(file: str) -> dict[str, Any]:
    rows: dict[str, Any] = yaml.safe_load((_HERE / file).read_text("utf-8"))
    return rows
