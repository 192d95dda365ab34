"""Sites for managers, and what their pages may ask."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.ticketing.sites.conftest import SHOP, Json, Shop


async def test_a_site_is_added_and_its_secret_shown_once(
    api: httpx.AsyncClient, manager: Json, shop: Shop
) -> None:
    listed = (await api.get("/api/sites", headers=manager)).json()["sites"]
    assert [site["key"] for site in listed] == ["shop"]
    assert listed[0]["theme"]["title"] == "在线客服"
    assert len(shop.secret) == 43
    assert shop.secret not in str(listed)


async def test_a_key_is_given_once(api: httpx.AsyncClient, manager: Json, shop: Shop) -> None:
    body = {"key": shop.key, "name": "另一家", "origins": ["https://b.example.com"]}
    answer = await api.post("/api/sites", json=body, headers=manager)
    assert (answer.status_code, answer.json()["error"]) == (409, "site_exists")


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": "A B"},
        {"origins": []},
        {"origins": ["https://*.example.com"]},
        {"origins": ["https://a.com/path"]},
        {"theme": {"colour": "red"}},
        {"theme": {"position": "top"}},
        {"name": ""},
    ],
)
async def test_a_site_that_would_not_work_is_refused(
    api: httpx.AsyncClient, manager: Json, wrong: dict[str, Any]
) -> None:
    body = {"key": "shop", "name": "商城", "origins": [SHOP], **wrong}
    answer = await api.post("/api/sites", json=body, headers=manager)
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_request")


async def test_a_site_is_changed_in_what_is_named_only(
    api: httpx.AsyncClient, manager: Json, shop: Shop
) -> None:
    theme = {"colour": "#123456", "title": "找我们", "position": "left", "greeting": "您好"}
    changed = await api.patch(f"/api/sites/{shop.key}", json={"theme": theme}, headers=manager)
    assert changed.json()["theme"] == theme
    assert changed.json()["origins"] == [SHOP]


async def test_a_new_secret_is_another_one(
    api: httpx.AsyncClient, manager: Json, shop: Shop
) -> None:
    rolled = await api.post(f"/api/sites/{shop.key}/secret", headers=manager)
    assert len(rolled.json()["secret"]) == 43
    assert rolled.json()["secret"] != shop.secret


@pytest.mark.parametrize(
    ("method", "path"), [("PATCH", "/api/sites/nobody"), ("POST", "/api/sites/nobody/secret")]
)
async def test_what_is_not_there_cannot_be_changed(
    api: httpx.AsyncClient, manager: Json, method: str, path: str
) -> None:
    answer = await api.request(method, path, json={}, headers=manager)
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_site")


async def test_agents_may_not_look_into_sites(
    api: httpx.AsyncClient, agent: Json, shop: Shop
) -> None:
    assert (await api.get("/api/sites", headers=agent)).status_code == 403
    rolled = await api.post(f"/api/sites/{shop.key}/secret", headers=agent)
    assert rolled.status_code == 403


async def test_a_page_of_the_site_is_told_how_the_chat_looks(
    api: httpx.AsyncClient, shop: Shop
) -> None:
    answer = await api.get(f"/api/sites/{shop.key}/public", headers={"Origin": SHOP})
    assert answer.headers["access-control-allow-origin"] == SHOP
    assert "Origin" in answer.headers["vary"]
    assert answer.json()["theme"]["colour"] == "#0b6b66"
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    "origin", ["https://evil.example.com", "http://shop.example.com", "null", f"{SHOP}.evil.com"]
)
async def test_another_page_is_refused_and_may_not_even_read_why(
    api: httpx.AsyncClient, shop: Shop, origin: str
) -> None:
    answer = await api.get(f"/api/sites/{shop.key}/public", headers={"Origin": origin})
    assert (answer.status_code, answer.json()["error"]) == (403, "origin_not_allowed")
    assert "access-control-allow-origin" not in answer.headers


async def test_a_site_that_is_switched_off_is_unknown(
    api: httpx.AsyncClient, manager: Json, shop: Shop
) -> None:
    await api.patch(f"/api/sites/{shop.key}", json={"is_active": False}, headers=manager)
    answer = await api.get(f"/api/sites/{shop.key}/public", headers={"Origin": SHOP})
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_site")
