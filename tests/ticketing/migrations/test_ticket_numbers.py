"""Numbers of tickets while the release before still gives them out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, create_engine, text

from ticketing.run import postgres
from ticketing.run.plan import ROOT

_AS_BEFORE = text(
    "INSERT INTO ticket_counters AS counter (day, last)"
    " VALUES ((now() AT TIME ZONE 'Asia/Shanghai')::date + :later, 1)"
    " ON CONFLICT (day) DO UPDATE SET last = counter.last + 1 RETURNING day, last"
)
_DAYS = text("SELECT day, last, first FROM ticket_counters ORDER BY day")


@pytest.fixture
def database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Connection]:
    """A database as the tables before left it."""
    server, url = postgres.start_embedded(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    go_to("0012")
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        yield connection
    engine.dispose()
    server.cleanup()


def go_to(revision: str) -> None:
    command.upgrade(Config(toml_file=str(ROOT / "pyproject.toml")), revision)


def counted_as_before(database: Connection, later: int = 0) -> tuple[date, int]:
    row = database.execute(_AS_BEFORE, {"later": later}).one()
    database.commit()
    return row.day, row.last


def test_the_days_of_an_upgrade_are_left_to_the_release_before(database: Connection) -> None:
    today, _ = counted_as_before(database)
    go_to("0013")
    days = {row.day: (row.last, row.first) for row in database.execute(_DAYS)}
    database.commit()
    assert days[today] == (1, None)
    assert sorted(days.values()) == [(0, None), (1, None)]
    assert counted_as_before(database) == (today, 2)
    assert counted_as_before(database, later=1)[1] == 1


def test_a_new_house_has_no_days_yet(database: Connection) -> None:
    go_to("0013")
    assert database.execute(_DAYS).all() == []
