"""Databases as earlier tables left them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine

from tests.ticketing.migrations.moving import go_to
from ticketing.run import postgres


@pytest.fixture
def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Connection]:
    """An empty database at the revision the module names as `BEFORE`."""
    server, url = postgres.start_embedded(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    go_to(request.module.BEFORE)
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
    with engine.connect() as connection:
        yield connection
    engine.dispose()
    server.cleanup()
