"""The parts of a turn that need no model."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from rasa.core.tracker_store import FailSafeTrackerStore, InMemoryTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.exceptions import RasaException
from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from sanic import Sanic

from bot import wiring
from bot.__main__ import redis_lock_store
from bot.action_endpoint import PooledEndpoint
from bot.channel import YiwenInput
from bot.outbox import TurnOutput, joined
from bot.turn import TurnFailed, plain, understood
from tests.bot.processes import free_port


def message(text: str, buttons: tuple[str, ...] = (), card: Any = None) -> dict[str, Any]:
    """A message of the bot."""
    return {"text": text, "buttons": [{"title": b, "payload": b} for b in buttons], "card": card}


def test_messages_become_one_with_the_last_buttons() -> None:
    both = joined([message("一", ("甲",)), message("二", ("乙",)), message("三")])
    assert both == [message("一\n\n二\n\n三", ("乙",))]


def test_a_message_holds_one_card() -> None:
    first, second = joined([message("一", card={"n": 1}), message("二", card={"n": 2})])
    assert (first["card"], second["card"]) == ({"n": 1}, {"n": 2})
    assert joined([message("一", card={"n": 1}), message("二")])[0]["card"] == {"n": 1}


async def test_texts_keep_their_blank_lines() -> None:
    output = TurnOutput()
    await output.send_response("c", {"text": "一\n\n二", "custom": {"card": {"type": "parcel"}}})
    assert output.messages == [message("一\n\n二", card={"type": "parcel"})]


@pytest.mark.parametrize(
    ("text", "words"), [("/转人工", "转人工"), (" //x ", "x"), ("/", "\uff0f"), ("", "\uff0f")]
)
def test_a_slash_is_no_command(text: str, words: str) -> None:
    assert plain(text) == words


def test_a_very_long_text_is_cut() -> None:
    assert len(plain("查" * 10_000)) == 2_000


def test_what_was_understood_has_the_channels_shape() -> None:
    parse_data = {
        "intent": {"name": "greet", "confidence": 0.9, "id": 1},
        "intent_ranking": [{"name": str(n), "confidence": 0.1} for n in range(20)],
        "entities": [{"entity": "role", "value": "sender", "start": 0, "end": 3, "extractor": "x"}],
    }
    result = understood(parse_data)
    assert result["intent"] == {"name": "greet", "confidence": 0.9}
    assert len(result["ranking"]) == 5
    assert result["entities"] == [{"entity": "role", "value": "sender", "start": 0, "end": 3}]


@pytest.mark.parametrize("credentials", [None, {}, {"token": ""}, {"token": "${BOT_TOKEN}"}])
def test_the_door_does_not_open_without_a_token(credentials: dict[str, Any] | None) -> None:
    with pytest.raises(RasaException):
        YiwenInput.from_credentials(credentials)


def test_rasas_wrapper_that_goes_on_in_memory_is_taken_off() -> None:
    inner = InMemoryTrackerStore(Domain.empty())
    assert wiring.unwrapped(FailSafeTrackerStore(inner)) is inner


def test_a_redis_url_becomes_a_lock_store() -> None:
    config = redis_lock_store("redis://:secret@cache:6380/2")
    assert (config.type, config.url) == ("redis", "cache")
    assert (config.kwargs["port"], config.kwargs["db"]) == (6380, 2)


class FailingTurns:
    """A runner whose turns fail."""

    def __init__(self, error: Exception) -> None:
        self.error = error

    async def play(self, *_: str) -> dict[str, Any]:
        """Fail."""
        raise self.error


@pytest.fixture(scope="module")
async def failing_door() -> AsyncIterator[tuple[str, FailingTurns]]:
    """The door before a runner that fails; Sanic can be started once in a process."""
    turns = FailingTurns(OSError())
    app = Sanic("failing_door", configure_logging=False)
    app.ctx.turns = turns
    blueprint = YiwenInput("token").blueprint(lambda _: asyncio.sleep(0))
    blueprint._future_listeners.clear()
    app.blueprint(blueprint, url_prefix="/webhooks/yiwen")
    port = free_port()
    server = await app.create_server("127.0.0.1", port, return_asyncio_server=True)
    assert server is not None
    await server.startup()
    yield f"http://127.0.0.1:{port}/webhooks/yiwen/turn", turns
    server.close()


@pytest.mark.parametrize("error", [OSError("postgresql is down"), TurnFailed("action_x")])
async def test_a_failing_part_is_a_500_for_ticketing(
    failing_door: tuple[str, FailingTurns], error: Exception
) -> None:
    url, turns = failing_door
    turns.error = error
    body = {"conversation_id": "c", "message_id": "m", "text": "我的手机13800138000"}
    headers = {"Authorization": "Bearer token"}
    async with (
        aiohttp.ClientSession(headers=headers) as http,
        http.post(url, json=body) as response,
    ):
        assert response.status == 500
        answer = await response.json()
    assert answer["error"] == "turn_failed"
    assert "138" not in str(answer)


@pytest.fixture
async def flaky() -> AsyncIterator[tuple[str, list[int]]]:
    """A server that closes the kept connection at every second request without an answer."""
    seen: list[int] = []

    async def handle(request: web.Request) -> web.Response:
        seen.append(1)
        if len(seen) == 2:
            assert request.transport is not None
            request.transport.close()
        if len(seen) == 4:
            return web.json_response({"error": "no", "action_name": "x"}, status=400)
        return web.json_response({"got": await request.json()})

    app = web.Application()
    app.router.add_post("/webhook", handle)
    runner = web.AppRunner(app)
    await runner.setup()
    port = free_port()
    await web.TCPSite(runner, "127.0.0.1", port).start()
    yield f"http://127.0.0.1:{port}/webhook", seen
    await runner.cleanup()


async def test_the_endpoint_keeps_its_session_and_survives_a_lost_connection(
    flaky: tuple[str, list[int]],
) -> None:
    url, seen = flaky
    endpoint = PooledEndpoint.of(EndpointConfig(url))
    first = await endpoint.request(json={"n": "你好"})
    session = endpoint.session()
    second = await endpoint.request(json={"n": 2})
    assert (first, second) == ({"got": {"n": "你好"}}, {"got": {"n": 2}})
    assert len(seen) == 3
    assert endpoint.session() is session
    with pytest.raises(ClientResponseError) as refused:
        await endpoint.request(json={})
    assert refused.value.status == 400
    assert "action_name" in refused.value.text
    await endpoint.aclose()
