"""The clients of the desk, against a small door of its shape."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from tests.bench.asking import Answers, Ask, _ask_all
from tests.bench.load import TurnWentWrong


class Door:
    """Answers with what it was sent; notes how many were inside at once."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.tokens: set[str] = set()

    async def take(self, request: web.Request) -> web.Response:
        """Answer 201, or 409 to whoever says so."""
        self.inside += 1
        self.most = max(self.most, self.inside)
        self.tokens.add(request.headers["Authorization"])
        body = await request.json()
        await asyncio.sleep(0)
        self.inside -= 1
        return web.json_response(body, status=409 if body.get("is_refused") else 201)


@pytest.fixture
async def door() -> AsyncIterator[tuple[Door, str]]:
    """A running door and its address."""
    taking = Door()
    app = web.Application()
    app.router.add_post("/api/tickets", taking.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    yield taking, f"http://{host}:{port}"
    await runner.cleanup()


def asks(count: int, **more: bool) -> list[Ask]:
    return [Ask("POST", "/api/tickets", {"n": n, **more}, expects=201) for n in range(count)]


async def test_everything_is_asked_once_with_the_token_so_many_at_a_time(
    door: tuple[Door, str],
) -> None:
    taking, url = door
    answers = await _ask_all(url, "secret", asks(20), 4)
    assert sorted(each["n"] for each in answers.said) == list(range(20))
    assert taking.tokens == {"Bearer secret"}
    assert 1 <= taking.most <= 4
    figures = answers.figures(4)
    assert (figures.turns, figures.failures, figures.concurrency) == (20, 0, 4)


async def test_another_status_is_a_failure_and_its_time_does_not_count(
    door: tuple[Door, str],
) -> None:
    answers = await _ask_all(door[1], "secret", [*asks(3), *asks(2, is_refused=True)], 2)
    assert (answers.figures(2).turns, answers.figures(2).failures) == (3, 2)
    assert answers.wrong[0].startswith("POST /api/tickets: 409")


async def test_a_door_nobody_opens_is_told_of() -> None:
    answers = await _ask_all("http://127.0.0.1:9", "secret", asks(2), 1)
    assert len(answers.wrong) == 2
    with pytest.raises(TurnWentWrong, match="ClientConnectorError"):
        answers.figures(1)


def test_batches_are_counted_together() -> None:
    whole = Answers([0.01], ["a"], [], wall_seconds=1.0)
    whole.add(Answers([0.03], ["b"], ["POST: 500"], wall_seconds=1.0))
    figures = whole.figures(8)
    assert (figures.turns, figures.failures, figures.per_second) == (2, 1, 1.0)
    assert whole.said == ["a", "b"]
