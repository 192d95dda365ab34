"""The doors of the bot's actions, and a parcel to ask about."""

from __future__ import annotations

import uuid
from typing import Any

import httpx

from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.kernel import clock
from ticketing.shipments import service as shipments

Json = dict[str, Any]
WAYBILL = "YT2700000000001"


async def register_parcel(house: House, waybill_no: str = WAYBILL) -> None:
    """Make a parcel known, with the digits 4562 and 1111 on its label."""
    async with house.db.transaction() as session:
        tails = frozenset({"4562", "1111"})
        await shipments.register(session, waybill_no, "YTO", tails, clock.now())


async def begin(house: House, channel: str, key: str) -> uuid.UUID:
    """Begin a customer's conversation."""
    async with house.db.transaction() as session:
        return (await conversations.open_conversation(session, channel, key, clock.now())).id


async def ask(
    api: httpx.AsyncClient, headers: Json, conversation_id: uuid.UUID, what: str, **body: Any
) -> Json:
    """Ask at a door as the actions do; `message_id` is m1 unless told."""
    path = f"/api/conversations/{conversation_id}/{what}"
    answer = await api.post(path, json={"message_id": "m1", **body}, headers=headers)
    assert answer.status_code == 200, answer.text
    shown: Json = answer.json()
    return shown


async def heard(api: httpx.AsyncClient, sender: str) -> list[str]:
    """What was said to a customer of the REST channel (conversation key `demo/<sender>`)."""
    answer = await api.get(f"/webhooks/rest/messages?sender={sender}")
    return [message["text"] for message in answer.json()]
