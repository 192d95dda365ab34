"""A real PostgreSQL for tests: the embedded one, a fresh server each time."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ticketing.run import postgres


@contextmanager
def fresh_database() -> Iterator[str]:
    """Yield the URL of a database with every table and no row, on a server of its own."""
    with tempfile.TemporaryDirectory(prefix="yiwen-pg-") as folder:
        server, url = postgres.start_embedded(Path(folder))
        try:
            postgres.migrate(url)
            yield url
        finally:
            server.cleanup()
