"""Who speaks when: no late words of the bot, one winner, and rows that agree with each other."""

from __future__ import annotations

import asyncio
import json
import random
import uuid
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from tests.ticketing.handoffs.floor import customer, look, on_duty, taken, talk, vanish, waits
from tests.ticketing.scripted import said
from ticketing.composition import ANSWERERS, LISTENERS, House
from ticketing.conversations import service as conversations
from ticketing.conversations.service import Arriving
from ticketing.handoffs import asking, looking_round, service
from ticketing.handoffs.service import NotInYourHands, NowhereToGo, Passing, TakenByAnother
from ticketing.inbox.bot import BotClient
from ticketing.inbox.service import Inbox
from ticketing.kernel import clock
from ticketing.kernel.db import Database

HAND_OVERS = 500
PEOPLE = ("anna", "bert", "cleo")
_LATE = text("""
SELECT count(*) FROM messages m JOIN (
    SELECT conversation_id, min(seq) AS seq FROM messages
    WHERE author = 'system' GROUP BY conversation_id
) AS notice ON notice.conversation_id = m.conversation_id
WHERE m.author = 'bot' AND m.seq > notice.seq
""")
_BROKEN = text("""
SELECT c.id, c.owner, c.agent, c.queue, h.taken_by, h.ended_at
FROM conversations c LEFT JOIN handoffs h ON h.conversation_id = c.id AND h.ended_at IS NULL
WHERE NOT CASE c.owner
    WHEN 'agent' THEN h.id IS NOT NULL AND c.agent = h.taken_by AND c.queue = h.queue
    WHEN 'queue' THEN h.id IS NOT NULL AND c.agent IS NULL AND c.queue = h.queue
    ELSE h.id IS NULL AND c.agent IS NULL AND c.queue IS NULL
END OR (c.owner <> 'queue' AND h.offered_to IS NOT NULL)
""")


@dataclass
class SlowBot:
    """Answers after a moment of its own; nobody knows which."""

    draw: random.Random
    answered: Counter[str] = field(default_factory=Counter)

    async def handle(self, request: httpx.Request) -> httpx.Response:
        """Play the bot's door."""
        body = json.loads(request.content)
        await asyncio.sleep(self.draw.random() * 0.02)
        self.answered[body["conversation_id"]] += 1
        return httpx.Response(200, json=said(f"机器人：{body['text']}"))


@dataclass(frozen=True)
class Offices:
    """Several processes at once, as far as it matters: each with connections of its own."""

    inboxes: tuple[Inbox, ...]
    databases: tuple[Database, ...]
    bot: SlowBot


@pytest.fixture
async def offices(house: House) -> AsyncIterator[Offices]:
    bot = SlowBot(random.Random(20261122))
    clients = [
        BotClient("http://bot", "t", timedelta(seconds=20), httpx.MockTransport(bot.handle))
        for _ in range(3)
    ]
    databases = [Database(house.settings.sqlalchemy_url, LISTENERS, 6) for _ in clients]
    inboxes = [
        Inbox(db, client, clock.now, timedelta(seconds=20), ANSWERERS)
        for db, client in zip(databases, clients, strict=True)
    ]
    yield Offices(tuple(inboxes), tuple(databases), bot)
    for client in clients:
        await client.close()
    for db in databases:
        await db.close()


async def test_of_500_hand_overs_no_bot_speaks_after_one(house: House, offices: Offices) -> None:
    await on_duty(house, "anna", chats=50)
    draw = random.Random(5)
    limit = asyncio.Semaphore(12)

    async def ask(number: int) -> None:
        inbox = offices.inboxes[number % 3]
        arriving = Arriving("rest", f"demo/{number}", f"{number}-1", "我的快递到哪了")
        arrival = await inbox.receive(arriving)
        await asyncio.gather(inbox.answer(arrival.turn), hand_over(number, arrival))

    async def hand_over(number: int, arrival: Any) -> None:
        await asyncio.sleep(draw.random() * 0.3)
        who, db = arrival.received.conversation_id, offices.databases[(number + 1) % 3]
        async with db.transaction() as session:
            queued = await asking.queue_up(session, who, "asked", clock.now())
            held = await conversations.locked(session, who)
            await service.tell(session, held, asking.notice(queued, clock.now()), clock.now())
        again = Arriving("rest", f"demo/{number}", f"{number}-2", "还在吗")
        later = await offices.inboxes[(number + 2) % 3].receive(again)
        assert later.turn is None

    async def one(number: int) -> None:
        async with limit:
            await ask(number)

    await asyncio.gather(*map(one, range(HAND_OVERS)))
    assert len(offices.bot.answered) == HAND_OVERS
    async with house.db.transaction() as session:
        assert await session.scalar(_LATE) == 0
        spoke = await session.scalar(text("SELECT count(*) FROM messages WHERE author = 'bot'"))
        waiting = text("SELECT count(*) FROM handoffs WHERE ended_at IS NULL")
        assert await session.scalar(waiting) == HAND_OVERS
        assert (await session.execute(_BROKEN)).all() == []
    assert 0 < int(spoke or 0) < HAND_OVERS, "the race was none: the bot was always first, or never"


async def test_of_two_who_take_at_once_one_wins_and_the_other_is_told_who(
    house: House, offices: Offices
) -> None:
    await on_duty(house, "anna", "bert", chats=50)

    async def take(db: Database, who: uuid.UUID, by: str, epoch: int) -> str:
        try:
            async with db.transaction() as session:
                return str((await service.take(session, who, by, epoch, clock.now())).agent)
        except TakenByAnother as lost:
            return f"lost to {lost.facts['agent']}"

    for number in range(40):
        who = await waits(house, f"c{number}")
        epoch = (await talk(house, who)).owner_epoch
        outcomes = await asyncio.gather(
            *(
                take(db, who, by, epoch)
                for db, by in zip(offices.databases, ("anna", "bert"), strict=False)
            )
        )
        winner = (await talk(house, who)).agent
        assert sorted(outcomes) == sorted([str(winner), f"lost to {winner}"])


async def test_what_a_killed_agent_held_waits_again_once_however_many_look(
    house: House, offices: Offices
) -> None:
    await on_duty(house, "anna")
    found = [await waits(house, f"c{number}") for number in range(3)]
    for who in found:
        await taken(house, who, "anna")
    await vanish(house, "anna")
    await asyncio.gather(
        *(looking_round.look_round(db, clock.now) for db in offices.databases for _ in range(3))
    )
    owners = [(await talk(house, who)).owner for who in found]
    assert owners == ["queue"] * 3
    async with house.db.transaction() as session:
        lost = text("SELECT count(*) FROM handoff_events WHERE what = 'lost'")
        told = text("SELECT count(*) FROM messages WHERE text LIKE '%断线%'")
        assert await session.scalar(lost) == 3
        assert await session.scalar(told) == 3


@pytest.mark.parametrize("seed", range(6))
async def test_whatever_people_do_in_whatever_order_the_rows_agree(
    house: House, offices: Offices, seed: int
) -> None:
    await on_duty(house, *PEOPLE)
    found = [await customer(house, f"c{number}") for number in range(4)]
    epochs = dict.fromkeys(found, 0)

    async def work(number: int) -> None:
        draw, db = random.Random(f"{seed}/{number}"), offices.databases[number]
        for _ in range(25):
            who = draw.choice(found)
            try:
                await _deed(db, draw, who)
            except (TakenByAnother, NotInYourHands, NowhereToGo):
                continue
            now = await talk(house, who)
            assert now.owner_epoch >= epochs[who]
            epochs[who] = max(epochs[who], now.owner_epoch)

    await asyncio.gather(*map(work, range(3)))
    async with house.db.transaction() as session:
        assert (await session.execute(_BROKEN)).all() == []
        doubled = text(
            "SELECT conversation_id FROM handoffs WHERE ended_at IS NULL"
            " GROUP BY conversation_id HAVING count(*) > 1"
        )
        assert (await session.execute(doubled)).all() == []
    assert sum(epochs.values()) > 10


async def _deed(db: Database, draw: random.Random, who: uuid.UUID) -> None:
    """Do one thing to a conversation, with what was seen of it a moment before."""
    by, now = draw.choice(PEOPLE), clock.now()
    async with db.transaction() as session:
        seen = await conversations.known(session, who)
        epoch, holder = seen.owner_epoch, seen.agent or by
    by = draw.choice([by, holder])
    async with db.transaction() as session:
        match draw.randrange(10):
            case 0 | 1:
                await asking.queue_up(session, who, draw.choice(["asked", "anger"]), now)
            case 2 | 3:
                await service.take(session, who, by, epoch, now)
            case 4:
                await service.put_back(session, who, by, epoch, now)
            case 5:
                to = Passing(draw.choice([*PEOPLE, None]), draw.choice(["vip", None]), "麻烦接一下")
                await service.transfer(session, who, by, epoch=epoch, to=to, now=now)
            case 6:
                await service.take_over(session, who, by, epoch, now)
            case 7:
                await service.give_back(session, who, by, epoch=epoch, agreed="", now=now)
            case 8:
                await service.close(session, who, by, epoch=epoch, agreed="", now=now)
            case _:
                await service.decline(session, who, by, now)


async def test_looking_round_while_people_work_breaks_nothing(
    house: House, offices: Offices
) -> None:
    await on_duty(house, *PEOPLE, chats=1)
    found = [await waits(house, f"c{number}") for number in range(6)]
    draw = random.Random(9)

    async def works() -> None:
        for _ in range(30):
            try:
                await _deed(offices.databases[0], draw, draw.choice(found))
            except (TakenByAnother, NotInYourHands, NowhereToGo):
                continue

    async def looks() -> None:
        for _ in range(8):
            await look(house)

    await asyncio.gather(works(), looks(), looks())
    async with house.db.transaction() as session:
        assert (await session.execute(_BROKEN)).all() == []
        offered = text("""
            SELECT offered_to FROM handoffs WHERE ended_at IS NULL AND offered_to IS NOT NULL
            GROUP BY offered_to HAVING count(*) > 1
        """)
        assert (await session.execute(offered)).all() == []
