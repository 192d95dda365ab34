"""Browser tests: headless Chromium on the same running house as the journeys."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, ViewportSize, sync_playwright

from tests.browser.chat_page import ChatPage
from tests.journeys import house_fixtures
from ticketing.run.plan import ROOT
from ticketing.run.system import System

HERE = Path(__file__).parent
SCREENSHOTS = ROOT / "var" / "screenshots"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SIZES = [(1280, 800), (390, 844)]


def pytest_configure(config: pytest.Config) -> None:
    """Share the house's fixtures with the journeys."""
    if not config.pluginmanager.has_plugin("house_fixtures"):
        config.pluginmanager.register(house_fixtures, "house_fixtures")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what plays in a browser."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Visitor:
    """A customer's browser window, and what its console complained of."""

    chat: ChatPage
    size: str
    complaints: list[str]

    def keep_picture(self, name: str) -> None:
        """Keep a picture of the window as it is now."""
        self.chat.screenshot(SCREENSHOTS / f"{name}-{self.size}.png")


@pytest.fixture(scope="module")
def browser(house: System) -> Iterator[Browser]:
    """The machine's own Chromium, headless.

    Playwright's sync API keeps an event loop running in this thread, so the house is up before it,
    and it ends with the module.
    """
    assert house.is_ready()
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        pytest.skip("no Chromium is installed (looked for: " + ", ".join(PROGRAMS) + ")")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def visitor(request: pytest.FixtureRequest, browser: Browser, house: System) -> Iterator[Visitor]:
    """A new customer on the chat page, at a desk and on a phone."""
    width, height = request.param
    is_phone = width < 600
    context = browser.new_context(
        viewport=ViewportSize(width=width, height=height),
        locale="zh-CN",
        timezone_id="Asia/Shanghai",
        is_mobile=is_phone,
        has_touch=is_phone,
    )
    page = context.new_page()
    visitor = Visitor(ChatPage(page), f"{width}x{height}", complaints_of(page))
    visitor.chat.open(f"{house.plan.api_url}/chat")
    yield visitor
    context.close()


def complaints_of(page: Page) -> list[str]:
    """Return a list that fills with the page's console errors and uncaught exceptions."""
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            complaints.append(message.text)

    page.on("console", note)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    return complaints
