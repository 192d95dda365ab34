"""Who works at the desk in these tests, and what stands on it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx

from tests.ticketing.people import token_of
from ticketing.accounts.models import Person
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.conversations.models import Conversation
from ticketing.conversations.service import Arriving, Utterance
from ticketing.conversations.signals import signal
from ticketing.handoffs.models import Handoff
from ticketing.kernel import clock
from ticketing.kernel.ids import new_id
from ticketing.notifications import service as notifications
from ticketing.routing import arranging
from ticketing.routing.schemas import MemberIn

Json = dict[str, Any]
_LEASE = timedelta(seconds=9)


@dataclass
class Desk:
    """A house with people who talk to customers."""

    house: House
    api: httpx.AsyncClient
    headers: dict[str, Json] = field(default_factory=dict)

    async def person(
        self, name: str, role: Role = Role.AGENT, team: str | None = "customer_service", **of: str
    ) -> Json:
        """Add somebody; return the headers they ask with."""
        called = of.get("called", f"客服{name}")
        async with self.house.db.transaction() as session:
            who = {"username": name, "display_name": called, "role": str(role)}
            session.add(Person(**who, password_hash="-", created_at=clock.now()))
            await session.flush()
            if team is not None:
                await arranging.put_member(session, MemberIn().member(team, name))
        token = token_of(self.house, name, role)
        self.headers[name] = {"Authorization": f"Bearer {token}"}
        return self.headers[name]

    def token(self, name: str) -> str:
        """The token of somebody who has signed in."""
        token: str = self.headers[name]["Authorization"].partition(" ")[2]
        return token

    async def talk(self, *words: str, key: str = "", channel: str = "web") -> uuid.UUID:
        """A conversation in which a customer said this, and the bot answered each."""
        async with self.house.db.transaction() as session:
            opened = await conversations.open_conversation(
                session, channel, key or str(new_id()), clock.now()
            )
        for word in words:
            await self.customer_says(opened.id, word)
            await self.say(opened.id, Utterance(f"收到：{word}"))
        return opened.id

    async def customer_says(self, talk: uuid.UUID, words: str) -> int:
        """Let the customer say something; return its number."""
        async with self.house.db.transaction() as session:
            at = await conversations.known(session, talk)
            arriving = Arriving(at.channel, at.customer_key, str(new_id()), words)
            received, turn = await conversations.receive(session, arriving, clock.now(), _LEASE)
            if turn is not None:
                await conversations.finish_turn(session, turn, None, clock.now(), _LEASE)
        return received.seq

    async def say(self, talk: uuid.UUID, words: Utterance) -> int:
        """Let our side say something; return its number."""
        async with self.house.db.transaction() as session:
            said = await notifications.send(session, talk, words, str(new_id()), clock.now())
        assert said is not None
        return said.seq

    async def waits(self, talk: uuid.UUID, queue: str = "customer_service", **told: Any) -> None:
        """Let a conversation wait for a person."""
        await self._into(talk, owner="queue", queue=queue, agent=None, told=told)

    async def is_held(self, talk: uuid.UUID, by: str, **told: Any) -> int:
        """Let somebody hold a conversation; return the epoch."""
        told = {"taken_by": by, "taken_at": clock.now(), **told}
        queue = told.pop("queue", "customer_service")
        return await self._into(talk, owner="agent", queue=queue, agent=by, told=told)

    async def _into(
        self, talk: uuid.UUID, *, owner: str, queue: str, agent: str | None, told: Json
    ) -> int:
        now = clock.now()
        async with self.house.db.transaction() as session:
            conversation: Conversation = await conversations.locked(session, talk)
            await conversations.change_owner(session, conversation, owner, now, "asked")
            conversation.queue, conversation.agent = queue, agent
            conversation.queued_at = conversation.queued_at or now
            handoff = {"reason": "asked", "priority": "normal", "asked_at": now, **told}
            session.add(Handoff(conversation_id=talk, queue=queue, **handoff))
            await session.flush()
            await signal(session, talk)
        return conversation.owner_epoch

    async def get(self, path: str, who: str) -> Any:
        """What somebody is answered who may ask."""
        answer = await self.api.get(path, headers=self.headers[who])
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def post(self, path: str, who: str, body: Json, expected: int = 200) -> Any:
        """What somebody is answered to what they send."""
        answer = await self.api.post(path, json=body, headers=self.headers[who])
        assert answer.status_code == expected, answer.text
        return answer.json()

    async def reply(self, talk: uuid.UUID, who: str, text: str, epoch: int, **more: Any) -> Json:
        """Let somebody say something to the customer."""
        body = {"message_id": str(new_id()), "epoch": epoch, "text": text, **more}
        said: Json = await self.post(f"/api/desk/conversations/{talk}/replies", who, body)
        return said
