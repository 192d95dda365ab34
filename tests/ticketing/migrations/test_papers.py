"""From a house without papers, evidence and surveys to one with them, and back."""

from __future__ import annotations

from sqlalchemy import Connection, inspect

from tests.ticketing.migrations.moving import go_to

BEFORE = "0010"
TABLES = {"surveys", "evidence_packs", "paper_templates"}


def test_the_tables_come_and_go(database: Connection) -> None:
    assert set(inspect(database.engine).get_table_names()) >= TABLES
    go_to("-1")
    assert set(inspect(database.engine).get_table_names()) & TABLES == set()
    go_to("0010")
    unique = inspect(database.engine).get_indexes("paper_templates")
    assert [each["name"] for each in unique if each["unique"]] != []
