"""A real PostgreSQL for tests: the embedded one, a fresh database each time."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql

from ticketing.run import postgres
from ticketing.run.plan import ROOT

FOLDER = Path(os.environ.get("TEST_POSTGRES_DIR") or ROOT / "var" / "test-postgres")


@contextmanager
def fresh_database() -> Iterator[str]:
    """Yield the URL of a database with every table and no row; drop it afterwards."""
    server, admin_url = postgres.start_embedded(FOLDER)
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(admin_url, autocommit=True) as admin:
        admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    url = admin_url.replace("/postgres?", f"/{name}?")
    try:
        postgres.migrate(url)
        yield url
    finally:
        with psycopg.connect(admin_url, autocommit=True) as admin:
            admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        server.cleanup()
