"""The simulated customers, against a small REST channel of Rasa's shape."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web

from tests.bench.load import Cell, Client, Conversation, TurnWentWrong, _measure


class Channel:
    """Answers every sender; a sender named `silent` is answered by nothing of use."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def webhook(self, request: web.Request) -> web.Response:
        """Rasa's shape, with buttons."""
        body = await request.json()
        self.heard.append(body["sender"])
        if body["message"] == "坏":
            return web.json_response({"error": "broken"}, status=500)
        text = "嗯" if body["sender"] == "silent" else f"收到{body['message']}"
        buttons = [{"title": "好", "payload": "好"}]
        return web.json_response([{"recipient_id": "x", "text": text, "buttons": buttons}])


@pytest.fixture
async def channel() -> AsyncIterator[tuple[Channel, str]]:
    """A running channel and its address."""
    heard = Channel()
    app = web.Application()
    app.router.add_post("/webhook", heard.webhook)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    host, port = runner.addresses[0][:2]
    yield heard, f"http://{host}:{port}/webhook"
    await runner.cleanup()


async def customer(client: Client, number: int) -> Conversation:
    await client.say(f"c{number}", "你好")
    return Conversation(f"c{number}", "谢谢", "收到谢谢")


async def test_every_conversation_plays_its_turns_and_preparing_is_not_measured(
    channel: tuple[Channel, str],
) -> None:
    heard, url = channel
    figures = await _measure(url, Cell(customer, conversations=5, turns_each=3, concurrency=2))
    assert (figures.turns, figures.failures, figures.concurrency) == (15, 0, 2)
    assert sorted(set(heard.heard)) == ["c0", "c1", "c2", "c3", "c4"]
    assert len(heard.heard) == 5 + 15


async def test_an_unexpected_answer_counts_as_a_failure(channel: tuple[Channel, str]) -> None:
    async def some(_client: Client, number: int) -> Conversation:
        return Conversation("silent" if number == 0 else "c", "谢谢", "收到")

    figures = await _measure(channel[1], Cell(some, conversations=2, turns_each=4, concurrency=1))
    assert (figures.turns, figures.failures) == (4, 4)


async def test_a_cell_without_one_good_answer_fails(channel: tuple[Channel, str]) -> None:
    async def silent(_client: Client, _number: int) -> Conversation:
        return Conversation("silent", "谢谢", "收到")

    with pytest.raises(TurnWentWrong, match="none of 2"):
        await _measure(channel[1], Cell(silent, conversations=1, turns_each=2, concurrency=1))


async def test_a_customer_who_cannot_be_prepared_counts_with_all_his_turns(
    channel: tuple[Channel, str],
) -> None:
    async def one_is_refused(client: Client, number: int) -> Conversation:
        await client.say("c", "坏" if number == 0 else "你好")
        return Conversation("c", "谢谢", "收到")

    cell = Cell(one_is_refused, conversations=2, turns_each=3, concurrency=1)
    figures = await _measure(channel[1], cell)
    assert (figures.turns, figures.failures) == (3, 3)


async def test_an_answer_has_its_text_and_its_buttons(channel: tuple[Channel, str]) -> None:
    async with aiohttp.ClientSession() as http:
        answer = await Client(http, channel[1]).say("c", "你好")
    assert (answer.text, answer.titles) == ("收到你好", ("好",))
    assert answer.seconds > 0
