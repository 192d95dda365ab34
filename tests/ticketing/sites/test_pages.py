"""The chat page, framed by its site only, and the widget's script."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests.ticketing.sites.conftest import SHOP, Json, Shop
from ticketing.app import build
from ticketing.composition import House

PAGE = "<!doctype html><html><head><title>聊天</title></head><body></body></html>"


@pytest.fixture
def house(house: House, tmp_path: Path) -> House:
    """A house with pages that are quickly made."""
    for name, content in (("chat/index.html", PAGE), ("widget/widget.js", "var widget;")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "chat" / "assets").mkdir()
    return replace(house, settings=house.settings.model_copy(update={"console_dist": tmp_path}))


@pytest.fixture
async def api(house: House) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(build(house), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://house") as client:
        yield client


def ancestors(answer: httpx.Response) -> str:
    """Return who may frame a page."""
    policy = answer.headers["content-security-policy"]
    found = re.search(r"frame-ancestors ([^;]*)", policy)
    assert found
    return found[1]


async def test_the_chat_by_itself_is_framed_by_nobody_else(api: httpx.AsyncClient) -> None:
    answer = await api.get("/chat")
    assert ancestors(answer) == "'self'"
    assert answer.text == PAGE


async def test_a_sites_chat_is_framed_by_its_own_pages(api: httpx.AsyncClient, shop: Shop) -> None:
    answer = await api.get("/chat", params={"site": shop.key})
    assert ancestors(answer) == f"'self' {SHOP}"
    told = re.search(r'<script type="application/json" id="yiwen-site">(.*?)</script>', answer.text)
    assert told
    assert json.loads(told[1])["origins"] == [SHOP]
    assert shop.secret not in answer.text


async def test_a_theme_cannot_leave_its_script(
    api: httpx.AsyncClient, manager: Json, shop: Shop
) -> None:
    theme = {"greeting": "</script><script>alert(1)</script>"}
    await api.patch(f"/api/sites/{shop.key}", json={"theme": theme}, headers=manager)
    answer = await api.get("/chat", params={"site": shop.key})
    assert answer.text.count("</script>") == 1


@pytest.mark.parametrize("key", ["nobody", "x" * 40, "'; script-src *", "\0"])
async def test_an_unknown_site_has_no_chat(api: httpx.AsyncClient, key: str) -> None:
    answer = await api.get("/chat", params={"site": key})
    assert answer.status_code == 404
    assert ancestors(answer) == "'none'"
    assert "没有启用" in answer.text


async def test_the_widget_is_asked_for_anew_only_when_it_has_changed(
    api: httpx.AsyncClient, house: House
) -> None:
    first = await api.get("/widget.js")
    assert (first.text, first.headers["cross-origin-resource-policy"]) == (
        "var widget;",
        "cross-origin",
    )
    assert "max-age=300" in first.headers["cache-control"]
    known = {"If-None-Match": first.headers["etag"]}
    assert (await api.get("/widget.js", headers=known)).status_code == 304
    (house.settings.console_dist / "widget" / "widget.js").write_text("var other;", "utf-8")
    assert (await api.get("/widget.js", headers=known)).text == "var other;"
