"""How errors look on the wire, whatever they repeat."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from ticketing.kernel.errors import HouseError
from ticketing.kernel.web import install_errors


class UnknownThing(HouseError):
    status, code = 404, "unknown_thing"


@pytest.mark.parametrize(
    ("named", "told"), [("甲", "甲"), ("a\ud800b", "a?b"), ("\udc00\ud800", "??"), ("🙂", "🙂")]
)
async def test_an_error_may_repeat_half_characters(named: str, told: str) -> None:
    api = FastAPI()
    install_errors(api)

    @api.get("/thing")
    async def thing() -> None:
        raise UnknownThing("没有这个东西", name=named)

    transport = httpx.ASGITransport(api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as client:
        answer = await client.get("/thing")
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == {
        "error": "unknown_thing",
        "detail": "没有这个东西",
        "facts": {"name": told},
    }
