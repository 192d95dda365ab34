"""The least an agent does at the desk, through its doors."""

from __future__ import annotations

import uuid
from typing import Any

import httpx

Json = dict[str, Any]


async def in_hands(api: httpx.AsyncClient, headers: Json) -> list[Json]:
    """Return the conversations in people's hands that somebody sees, those that wait first."""
    answer = await api.get("/api/desk", headers=headers)
    assert answer.status_code == 200, answer.text
    shown = answer.json()
    return [*shown["waiting"], *shown["mine"], *shown["others"]]


async def reply(
    api: httpx.AsyncClient, headers: Json, conversation_id: object, text: str
) -> httpx.Response:
    """Speak to a customer, and take the conversation before where it waits."""
    talk = f"/api/desk/conversations/{conversation_id}"
    row = (await api.get(talk, headers=headers)).json()
    if row["owner"] == "queue":
        row = await deed(api, headers, conversation_id, "take")
    body = {"message_id": str(uuid.uuid4()), "epoch": row["owner_epoch"], "text": text}
    return await api.post(f"{talk}/replies", json=body, headers=headers)


async def deed(
    api: httpx.AsyncClient, headers: Json, conversation_id: object, what: str, **more: str
) -> Json:
    """Take a conversation, give it back …; return it as it stands then."""
    talk = f"/api/desk/conversations/{conversation_id}"
    epoch = (await api.get(talk, headers=headers)).json()["owner_epoch"]
    done = await api.post(f"{talk}/{what}", json={"epoch": epoch, **more}, headers=headers)
    assert done.status_code == 200, done.text
    row: Json = done.json()
    return row
