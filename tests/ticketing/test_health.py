"""The two questions an operator's machines ask."""

from __future__ import annotations

import httpx

from tests.ticketing.scripted import ScriptedBot
from ticketing.composition import House
from ticketing.kernel import clock, liveness


async def test_a_living_process_says_so(api: httpx.AsyncClient) -> None:
    assert (await api.get("/healthz")).json() == {"status": "ok"}


async def test_readiness_names_every_part_that_is_missing(
    api: httpx.AsyncClient, bot: ScriptedBot, house: House
) -> None:
    bot.status = 503
    answer = await api.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["missing"] == ["actions", "bot", "worker"]
    bot.status = 200
    async with house.db.transaction() as session:
        await liveness.beat(session, "worker", clock.now())
    assert (await api.get("/readyz")).json()["missing"] == ["actions"]


async def test_an_unknown_address_is_a_json_404(api: httpx.AsyncClient) -> None:
    answer = await api.get("/nowhere")
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


async def test_a_wrong_method_is_a_json_405(api: httpx.AsyncClient) -> None:
    answer = await api.put("/webhooks/rest/webhook")
    assert (answer.status_code, answer.json()["error"]) == (405, "method_not_allowed")
