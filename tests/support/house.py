"""A whole house for one test run: every process real, on free ports, with its own database."""

from __future__ import annotations

import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.postgres import fresh_database
from ticketing.run import console, demo, model
from ticketing.run.plan import Plan, Ports, Secrets
from ticketing.run.system import System

START_SECONDS = 180.0


def free_ports(count: int) -> list[int]:
    """Return ports nobody listens on right now."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
    finally:
        for each in sockets:
            each.close()


@contextmanager
def running_house(*, with_console: bool = False) -> Iterator[System]:
    """Yield a started house with the demo's people and parcels; stop it afterwards."""
    if with_console:
        console.build_if_needed()
    trained, _ = model.train_if_needed(model.models_folder())
    api, sandbox, bot, actions, smtp = free_ports(5)
    with fresh_database() as url, tempfile.TemporaryDirectory() as folder:
        plan = Plan(
            data_dir=Path(folder),
            ports=Ports(api=api, sandbox=sandbox, bot=bot, actions=actions, sandbox_smtp=smtp),
            secrets=Secrets("test-secret-key-of-32-characters", "test-bot", "test-actions"),
            database_url=url,
            model=trained,
        )
        system = System(plan)
        try:
            system.start()
            system.wait_until_ready(START_SECONDS, meanwhile=lambda: None)
            demo.seed(plan)
            yield system
        finally:
            system.stop()
