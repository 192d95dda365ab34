"""From a house without papers, evidence and surveys to one with them, and back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, inspect

from tests.ticketing.migrations.test_wishes import go_to
from ticketing.run import postgres

TABLES = {"surveys", "evidence_packs", "paper_templates"}


@pytest.fixture
def engine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    server, url = postgres.start_embedded(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    go_to("0010")
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    yield engine
    engine.dispose()
    server.cleanup()


def test_the_tables_come_and_go(engine: Engine) -> None:
    assert set(inspect(engine).get_table_names()) >= TABLES
    go_to("-1")
    assert set(inspect(engine).get_table_names()) & TABLES == set()
    go_to("0010")
    unique = inspect(engine).get_indexes("paper_templates")
    assert [each["name"] for each in unique if each["unique"]] != []
