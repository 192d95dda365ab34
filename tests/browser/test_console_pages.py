"""Every page of the console, opened at two sizes: no complaint of the browser's, none of axe's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize

from tests.browser.conftest import SCREENSHOTS, SIZES, complaints_of
from ticketing.run.demo import sign_in_of
from ticketing.run.plan import ROOT
from ticketing.run.system import System

AXE = ROOT / "console/node_modules/axe-core/axe.min.js"
SEVERE = ("serious", "critical")
PAGES = (
    "desk",
    "wall",
    "tickets",
    "processes",
    "rules",
    "forms",
    "people",
    "messages",
    "account",
)


@pytest.fixture(scope="module", params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def manager(
    request: pytest.FixtureRequest, browser: Browser, house: System
) -> Iterator[BrowserContext]:
    """A manager's window, signed in."""
    width, height = request.param
    size = ViewportSize(width=width, height=height)
    context = browser.new_context(
        viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=house.plan.api_url
    )
    known = sign_in_of(house.plan.data_dir)
    body = {"username": known["manager_username"], "password": known["manager_password"]}
    answer = context.request.post("/api/session", data=body, headers={"X-Yiwen": "console"})
    assert answer.ok, answer.text()
    yield context
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_without_complaint(manager: BrowserContext, name: str) -> None:
    page = manager.new_page()
    complaints = complaints_of(page)
    page.goto(f"/console/{name}")
    page.wait_for_load_state("networkidle")
    page.locator("main").first.wait_for()
    assert len(page.locator("body").inner_text()) > 40
    width = page.viewport_size["width"] if page.viewport_size else 0
    page.screenshot(path=str(SCREENSHOTS / f"console-{name}-{width}.png"), animations="disabled")
    assert violations_on(page) == []
    assert complaints == []
    page.close()


def test_every_page_of_the_navigation_is_among_these(manager: BrowserContext) -> None:
    router = (ROOT / "console/src/console/router.ts").read_text("utf-8")
    paths = set(re.findall(r'path: "/([a-z-]+)', router)) - {"sign-in"}
    assert paths == set(PAGES)
    assert manager.pages is not None


def violations_on(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical, with the elements concerned."""
    page.add_script_tag(path=str(AXE))
    found = page.evaluate(
        "() => axe.run(document).then(result => JSON.stringify(result.violations))"
    )
    return [
        f"{each['id']}: {', '.join(str(node['target']) for node in each['nodes'][:3])}"
        for each in json.loads(found)
        if each["impact"] in SEVERE
    ]
