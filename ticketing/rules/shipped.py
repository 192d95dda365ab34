"""The tables that come with the product."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ticketing.rules.catalog import purposes
from ticketing.rules.loading import load_table
from ticketing.rules.table import Table

FOLDER = Path(__file__).parent / "tables"


@cache
def shipped_source(table: str) -> bytes:
    """Return the file of a table as it comes with the product."""
    return (FOLDER / f"{table}.dmn").read_bytes()


@cache
def shipped() -> Mapping[str, Table]:
    """Return every table by name; raise `RulesInvalid` if one were broken."""
    return {name: load_table(name, shipped_source(name)) for name in purposes()}
