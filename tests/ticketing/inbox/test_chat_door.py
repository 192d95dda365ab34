"""The web chat's Socket.IO door: a real server, real clients."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest
import socketio
import uvicorn

from tests.support.house import free_ports
from tests.ticketing.scripted import ScriptedBot
from ticketing.app import build
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.conversations.service import Utterance
from ticketing.inbox.pace import BURST
from ticketing.inbox.sessions import customer_key
from ticketing.kernel import clock
from ticketing.notifications import service as notifications

Json = dict[str, Any]
NOTHING_YET = {"messages": [], "last_seq": 0, "more": False, "seen_seq": 0}


class Chat:
    """One browser tab."""

    def __init__(self) -> None:
        self.client = socketio.AsyncClient(reconnection=False)
        self.received: asyncio.Queue[tuple[str, Any]] = asyncio.Queue()
        self.token = ""
        for event in ("session_confirm", "history", "bot_uttered", "bot_typing", "error"):
            self.client.on(event, self._keep(event))

    def _keep(self, event: str) -> Any:
        async def keep(payload: Any) -> None:
            await self.received.put((event, payload))

        return keep

    async def next(self, event: str) -> Any:
        """Return the next payload of an event, passing over others."""
        while True:
            name, payload = await asyncio.wait_for(self.received.get(), 10)
            if name == event:
                return payload

    async def open(self, url: str, **request: Any) -> None:
        """Connect and ask for a session."""
        await self.client.connect(url)
        await self.client.emit("session_request", request)
        self.token = await self.next("session_confirm")

    async def say(self, text: str, message_id: str | None = None, **more: Any) -> Json:
        """Say something; return the acknowledgement."""
        body = {"message": text, "session_id": self.token, **more}
        payload = {**body, "message_id": message_id} if message_id else body
        answer: Json = await self.client.call("user_uttered", payload, timeout=10)
        return answer


class Announced(uvicorn.Server):
    """A server one can wait for."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self.listening.set()


@pytest.fixture
async def url(house: House) -> AsyncIterator[str]:
    [port] = free_ports(1)
    config = uvicorn.Config(build(house), port=port, log_level="warning", lifespan="on")
    server = Announced(config)
    serving = asyncio.create_task(server.serve())
    await asyncio.wait_for(server.listening.wait(), 20)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    await serving


@pytest.fixture
async def tabs() -> AsyncIterator[list[Chat]]:
    tabs = [Chat(), Chat()]
    yield tabs
    for tab in tabs:
        await tab.client.disconnect()


async def test_a_message_is_acknowledged_stored_and_answered(url: str, tabs: list[Chat]) -> None:
    chat = tabs[0]
    await chat.open(url, after=0)
    assert await chat.next("history") == NOTHING_YET
    ack = await chat.say("你好", "m1")
    assert (ack["message_id"], ack["seq"]) == ("m1", 1)
    answer = await chat.next("bot_uttered")
    assert answer["text"] == "收到：你好"
    assert answer["metadata"]["seq"] == 2


async def test_a_flood_is_refused_and_others_are_served(url: str, tabs: list[Chat]) -> None:
    flood, other = tabs
    await flood.open(url, after=0)
    await other.open(url, after=0)
    for _ in range(BURST):
        await flood.client.emit("session_request", {"session_id": flood.token})
    assert (await flood.next("error"))["error"] == "too_many_messages"
    assert (await flood.say("你好"))["error"] == "too_many_messages"
    assert (await other.say("你好", "m1"))["seq"] == 1


async def test_the_same_message_thrice_has_one_number_and_one_answer(
    url: str, tabs: list[Chat], bot: ScriptedBot
) -> None:
    chat = tabs[0]
    await chat.open(url, after=0)
    acks = [await chat.say("你好", "m1") for _ in range(3)]
    assert acks[0] == acks[1] == acks[2]
    await chat.next("bot_uttered")
    await chat.say("再来", "m2")
    assert (await chat.next("bot_uttered"))["text"] == "收到：再来"
    assert len(bot.asked) == 2


async def test_after_a_reload_everything_missed_is_there_in_order(
    url: str, tabs: list[Chat]
) -> None:
    first, second = tabs
    await first.open(url, after=0)
    await first.say("一", "m1")
    await first.next("bot_uttered")
    await first.client.disconnect()
    await second.open(url, session_id=first.token, after=1)
    assert second.token == first.token
    history = await second.next("history")
    assert [(m["seq"], m["author"]) for m in history["messages"]] == [(2, "bot")]


async def test_a_message_from_another_process_arrives_by_itself_once(
    url: str, tabs: list[Chat], house: House
) -> None:
    chat = tabs[0]
    await chat.open(url, after=0)
    async with house.db.transaction() as session:
        found = await conversations.find(session, "web", customer_key(chat.token))
        assert found is not None
        for _ in range(2):
            await notifications.send(
                session, found.id, Utterance("工单有进展"), "fact:1", clock.now()
            )
        await notifications.send(session, found.id, Utterance("已完成"), "fact:2", clock.now())
    texts = [(await chat.next("bot_uttered"))["text"] for _ in range(2)]
    assert texts == ["工单有进展", "已完成"]


async def test_nobody_chooses_their_own_session(url: str, tabs: list[Chat], house: House) -> None:
    owner, stranger = tabs
    await owner.open(url, after=0)
    await owner.say("我的秘密", "m1")
    async with house.db.transaction() as session:
        found = await conversations.find(session, "web", customer_key(owner.token))
    assert found is not None
    for guess in (str(found.id), customer_key(owner.token), "abc", 7, None):
        await stranger.open(url, session_id=guess, after=0)
        assert stranger.token not in (owner.token, guess)
        assert (await stranger.next("history"))["messages"] == []
        await stranger.client.disconnect()
        stranger.received = asyncio.Queue()


async def test_nobody_writes_into_a_session_their_connection_has_not_opened(
    url: str, tabs: list[Chat], bot: ScriptedBot
) -> None:
    owner, stranger = tabs
    await owner.open(url, after=0)
    await stranger.open(url, after=0)
    forged = await stranger.say("偷偷说", "m1", session_id=owner.token)
    assert forged["error"] == "session_not_yours"
    assert bot.asked == []


async def test_without_a_session_nothing_is_taken(url: str, tabs: list[Chat]) -> None:
    await tabs[0].client.connect(url)
    refused = await tabs[0].say("你好", "m1")
    assert refused["error"] == "session_not_yours"


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({"message": "  "}, "empty_message"),
        ({"message": "长" * 3000}, "message_too_long"),
        ({"message": 7}, "unreadable_event"),
        ({"message": "好", "message_id": "x" * 300}, "unreadable_event"),
    ],
)
async def test_a_message_nobody_can_use_gets_an_error_not_silence(
    url: str, tabs: list[Chat], payload: Json, code: str
) -> None:
    chat = tabs[0]
    await chat.open(url)
    answer = await chat.client.call("user_uttered", payload, timeout=10)
    assert answer["error"] == code
    assert (await chat.next("error"))["detail"] == answer["detail"]


@pytest.mark.parametrize("payload", [None, "text", 7, [], {"seq": "x"}, {"after": True}])
async def test_odd_payloads_break_nothing(url: str, tabs: list[Chat], payload: Any) -> None:
    chat = tabs[0]
    await chat.client.connect(url)
    await chat.client.emit("session_request", payload)
    await chat.next("session_confirm")
    await chat.client.emit("seen", payload)
    refused = await chat.client.call("user_uttered", payload, timeout=10)
    assert "error" in refused
    assert "seq" in await chat.say("你好", session_id=None)


async def test_a_stock_rasa_widget_gets_only_what_it_never_had(
    url: str, tabs: list[Chat], bot: ScriptedBot
) -> None:
    first, second = tabs
    await first.open(url)
    await first.say("一")
    await first.next("bot_uttered")
    bot.hold = asyncio.Event()
    bot.reached.clear()
    await first.say("二")
    await bot.reached.wait()
    await first.client.disconnect()
    bot.hold.set()
    await second.open(url, session_id=first.token)
    assert (await second.next("bot_uttered"))["text"] == "收到：二"


async def test_the_bot_is_seen_typing(url: str, tabs: list[Chat]) -> None:
    chat = tabs[0]
    await chat.open(url, after=0)
    await chat.say("你好", "m1")
    assert await chat.next("bot_typing") == {"on": True}
    assert await chat.next("bot_typing") == {"on": False}


async def test_a_number_of_another_conversation_does_not_silence_the_chat(
    url: str, tabs: list[Chat]
) -> None:
    chat = tabs[0]
    await chat.open(url, session_id="gone", after=57)
    assert (await chat.next("history"))["last_seq"] == 0
    await chat.say("你好", "m1")
    assert (await chat.next("bot_uttered"))["metadata"]["seq"] == 2


async def test_pushing_goes_on_after_the_database_dropped_every_connection(
    url: str, tabs: list[Chat], house: House
) -> None:
    chat = tabs[0]
    await chat.open(url, after=0)
    await chat.say("一", "m1")
    await chat.next("bot_uttered")
    async with await psycopg.AsyncConnection.connect(
        house.settings.database_url, autocommit=True
    ) as admin:
        await admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    await house.db.close()
    await chat.say("二", "m2")
    assert (await chat.next("bot_uttered"))["text"] == "收到：二"
