"""To other revisions of the tables and back."""

from __future__ import annotations

from alembic import command
from alembic.config import Config

from ticketing.run.plan import ROOT


def go_to(revision: str) -> None:
    """Bring the database of `DATABASE_URL` to a revision; `-1` is one back."""
    move = command.downgrade if revision.startswith("-") else command.upgrade
    move(Config(toml_file=str(ROOT / "pyproject.toml")), revision)
