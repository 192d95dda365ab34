"""Managers decide which words ask for a person."""

from __future__ import annotations

import httpx
import pytest

from tests.ticketing.handoffs.floor import write
from tests.ticketing.people import sign_in
from ticketing.accounts.tokens import Role
from ticketing.composition import House

DOOR = "/api/handoff-words"


@pytest.fixture
async def manager(house: House, api: httpx.AsyncClient) -> dict[str, str]:
    return await sign_in(house, api, "mona", Role.MANAGER)


async def test_a_new_house_has_the_shipped_words(
    api: httpx.AsyncClient, manager: dict[str, str]
) -> None:
    words = (await api.get(DOOR, headers=manager)).json()["words"]
    assert {"text": "转人工", "match": "contains"} in words
    assert {"text": "人工", "match": "whole"} in words


async def test_other_words_take_their_place_at_once(
    api: httpx.AsyncClient, house: House, manager: dict[str, str]
) -> None:
    body = {"words": [{"text": "叫掌柜的", "match": "contains"}]}
    kept = await api.put(DOOR, json=body, headers=manager)
    assert kept.json() == body
    assert (await api.get(DOOR, headers=manager)).json() == body
    assert await write(house, "one", "转人工") == ("收到：转人工",)
    assert "正在为您转人工" in (await write(house, "one", "快叫掌柜的来"))[0]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 422),
        ([{"text": ""}], 422),
        ([{"text": "　"}], 422),
        ([{"text": "长" * 21}], 422),
        ([{"text": "转", "match": "begins"}], 422),
        ([{"text": "转"}, {"text": "转", "match": "whole"}], 422),
    ],
)
async def test_words_that_are_none_are_refused(
    api: httpx.AsyncClient, manager: dict[str, str], words: list[dict[str, str]], code: int
) -> None:
    answer = await api.put(DOOR, json={"words": words}, headers=manager)
    assert answer.status_code == code


async def test_only_managers_may(api: httpx.AsyncClient, agent: dict[str, str]) -> None:
    assert (await api.get(DOOR, headers=agent)).status_code == 403
    assert (await api.put(DOOR, json={"words": []}, headers=agent)).status_code in (403, 422)
    assert (await api.get(DOOR)).status_code == 401
