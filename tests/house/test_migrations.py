"""The migrations make exactly the tables the models describe."""

from __future__ import annotations

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from tests.support.postgres import fresh_database
from ticketing import health
from ticketing.handoffs import models
from ticketing.kernel.db import Base
from ticketing.run.plan import ROOT

assert health.router, "importing the house registers every table"
assert models.__doc__


def ours(_thing: Any, name: str | None, kind: str, _reflected: bool, _compare: Any) -> bool:
    """Whether a table or index is the house's and not the job queue's."""
    return not (kind in ("table", "index") and (name or "").startswith("procrastinate"))


def test_the_migrations_make_the_models_tables_and_no_others() -> None:
    options = {"include_object": ours, "compare_type": True, "compare_server_default": True}
    with fresh_database() as url:
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1))
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts=options)
            differences = compare_metadata(context, Base.metadata)
        engine.dispose()
    assert differences == []


def test_the_migrations_are_one_line_from_first_to_last() -> None:
    scripts = ScriptDirectory.from_config(Config(toml_file=str(ROOT / "pyproject.toml")))
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert len(scripts.get_heads()) == 1
    assert sorted(revisions) == [f"{number + 1:04}" for number in range(len(revisions))]
