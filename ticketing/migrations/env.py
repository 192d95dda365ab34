"""Alembic's entry: one database, its URL in DATABASE_URL."""

from __future__ import annotations

import os
from typing import Any

from alembic import context
from sqlalchemy import create_engine

from ticketing import health
from ticketing.kernel.db import Base

assert health.router, "importing the house registers every table"


def ours(_thing: Any, name: str | None, kind: str, _reflected: bool, _compare: Any) -> bool:
    """Leave the job queue's own tables alone."""
    return not (kind in ("table", "index") and (name or "").startswith("procrastinate"))


def migrate() -> None:
    """Run the migrations on the named server."""
    url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://", 1)
    engine = create_engine(url)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, include_object=ours)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


migrate()
