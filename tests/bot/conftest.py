"""These tests run in the bot's own environment; elsewhere they are not collected."""

from __future__ import annotations

import asyncio
import importlib.util
import os
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

collect_ignore_glob = [] if importlib.util.find_spec("rasa") else ["*.py"]

if importlib.util.find_spec("rasa"):
    from aiohttp import web

    from bot import wiring
    from tests.bot.customer import Customer
    from tests.bot.processes import TOP, action_server, bot, free_port, postgres
    from tests.bot.ticketing_standin import TOKEN, Standin

    BOT_TOKEN = "bot-token"
    os.chdir(TOP)  # our components read their data relative to the top folder
    wiring.install_patches()

    @pytest.fixture(scope="session")
    def database_url() -> Iterator[str]:
        """A real PostgreSQL."""
        with postgres() as url:
            yield url

    @pytest.fixture(scope="session")
    async def standin() -> AsyncIterator[Standin]:
        """Ticketing's side, listening."""
        standin = Standin()
        runner = web.AppRunner(standin.app())
        await runner.setup()
        standin.port = free_port()
        await web.TCPSite(runner, "127.0.0.1", standin.port).start()
        yield standin
        await runner.cleanup()

    @pytest.fixture(scope="session")
    def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
        """The folder of what the bot and the action server log."""
        return tmp_path_factory.mktemp("logs")

    @pytest.fixture(scope="session")
    async def door(standin: Standin, database_url: str, logs: Path) -> AsyncIterator[str]:
        """The real bot with the trained model, the real action server behind it."""
        if not (TOP / "var/models/yiwen.tar.gz").exists():
            pytest.skip("no trained model in var/models")
        loop = asyncio.get_running_loop()
        with ExitStack() as stack:

            def start() -> str:
                backend = f"http://127.0.0.1:{standin.port}"
                actions = action_server(backend, TOKEN, logs / "actions.log")
                webhook = stack.enter_context(actions)
                running = bot(webhook, database_url, BOT_TOKEN, logs / "bot.log")
                return stack.enter_context(running)

            yield await loop.run_in_executor(None, start)
            await loop.run_in_executor(None, stack.close)

    @pytest.fixture
    async def customer(door: str, standin: Standin) -> AsyncIterator[Customer]:
        """Somebody who begins a conversation."""
        async with Customer.arriving(door, BOT_TOKEN, standin) as somebody:
            yield somebody
