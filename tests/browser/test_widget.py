"""The widget on somebody else's page, and another vendor's client on one more."""

from __future__ import annotations

import functools
import hashlib
import http.server
import json
import tarfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, FrameLocator, Page, ViewportSize, expect

from tests.browser.conftest import SCREENSHOTS, SIZES, complaints_of
from ticketing.run.console import npm
from ticketing.run.demo import sign_in_of
from ticketing.run.plan import LOOPBACK, ROOT
from ticketing.run.system import System
from ticketing.sites.signing import Identity, sign

PATIENCE = 15_000
RASA_CLIENT = "rasa-webchat@1.0.1"
RASA_CLIENT_SHA256 = "cd2a8ee5211df95c626fc78bcf9d7d3a50368eacd43c7154476d29e519d42685"
HOST = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>示例商城</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,"><h1>我的订单</h1>{script}</html>"""


@dataclass(frozen=True)
class Shop:
    """A web site of its own, registered with the house."""

    url: str
    folder: Path
    key: str
    secret: str
    house: str

    def page(self, name: str, script: str) -> str:
        """Put a page there; return its address."""
        (self.folder / f"{name}.html").write_text(HOST.format(script=script), "utf-8")
        return f"{self.url}/{name}.html"

    def tag(self, **attributes: str) -> str:
        """Return the tag that embeds the chat."""
        wanted = {"site": self.key, **attributes}
        written = " ".join(f'data-{name}="{value}"' for name, value in wanted.items())
        return f'<script src="{self.house}/widget.js" {written} async></script>'


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files without telling of each."""

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def shop(house: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer((LOOPBACK, 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://{LOOPBACK}:{server.server_port}"
        key, api = f"shop-{server.server_port}", house.plan.api_url
        body = {"key": key, "name": "示例商城", "origins": [url], "theme": {"title": "商城客服"}}
        answer = httpx.post(f"{api}/api/sites", json=body, headers=_manager(house), trust_env=False)
        secret = str(answer.raise_for_status().json()["secret"])
        yield Shop(url, folder, key, secret, api)
        server.shutdown()


def _manager(house: System) -> dict[str, str]:
    known = sign_in_of(house.plan.data_dir)
    form = {
        "grant_type": "password",
        "username": known["manager_username"],
        "password": known["manager_password"],
    }
    answer = httpx.post(f"{house.plan.api_url}/api/oauth/token", data=form, trust_env=False)
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}


@pytest.fixture(scope="module")
def rasa_client() -> bytes:
    """The published bundle of an open-source client; its own dependencies are not needed."""
    folder = ROOT / "var" / "rasa-webchat"
    package = folder / "rasa-webchat-1.0.1.tgz"
    folder.mkdir(parents=True, exist_ok=True)
    if not package.is_file():
        npm("pack", RASA_CLIENT, "--pack-destination", str(folder))
    assert hashlib.sha256(package.read_bytes()).hexdigest() == RASA_CLIENT_SHA256
    with tarfile.open(package) as packed:
        bundle = packed.extractfile("package/lib/index.js")
        assert bundle
        return bundle.read()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(locale="zh-CN", viewport=ViewportSize(width=1280, height=800))
    yield context
    context.close()


def chat_in(page: Page) -> FrameLocator:
    """Open the widget's chat, ready to be written in."""
    page.get_by_test_id("widget-launcher").click()
    chat = page.frame_locator('iframe[data-testid="widget-frame"]')
    expect(chat.get_by_test_id("message-log")).to_have_attribute(
        "data-loaded", "true", timeout=PATIENCE
    )
    return chat


def say(chat: FrameLocator, text: str) -> None:
    """Say something and wait for an answer to it."""
    answers = chat.locator('[data-testid="message"][data-author="bot"]')
    before = answers.count()
    chat.get_by_test_id("composer-input").fill(text)
    chat.get_by_test_id("composer-send").click()
    expect(answers.nth(before)).to_be_visible(timeout=PATIENCE)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def test_a_customer_talks_and_sends_a_photo_from_a_shops_page(
    browser: Browser, shop: Shop, tmp_path: Path, size: tuple[int, int]
) -> None:
    width, height = size
    viewport, is_phone = ViewportSize(width=width, height=height), width < 600
    context = browser.new_context(
        viewport=viewport, locale="zh-CN", is_mobile=is_phone, has_touch=is_phone
    )
    page = context.new_page()
    complaints = complaints_of(page)
    page.goto(shop.page("order", shop.tag(greeting="快递有问题？")))
    expect(page.get_by_test_id("widget-greeting")).to_be_visible(timeout=PATIENCE)
    page.screenshot(path=str(SCREENSHOTS / f"widget-closed-{width}x{height}.png"))
    chat = chat_in(page)
    say(chat, "你好")
    photo = tmp_path / "碎了.jpg"
    Image.new("RGB", (640, 480), "#c96").save(photo)
    chat.get_by_test_id("upload-files").set_input_files(photo)
    expect(chat.get_by_test_id("picture")).to_be_visible(timeout=PATIENCE)
    page.screenshot(path=str(SCREENSHOTS / f"widget-open-{width}x{height}.png"))
    chat.get_by_test_id("chat-close").click()
    expect(page.get_by_test_id("widget-launcher")).to_be_focused()
    context.close()
    assert complaints == []


def test_a_visitor_comes_back_to_their_conversation(context: BrowserContext, shop: Shop) -> None:
    page = context.new_page()
    page.goto(shop.page("order", shop.tag()))
    say(chat_in(page), "你好")
    page.reload()
    again = chat_in(page)
    expect(again.get_by_test_id("message").first).to_contain_text("你好", timeout=PATIENCE)


def test_a_known_customer_finds_their_conversation_on_another_device(
    browser: Browser, shop: Shop
) -> None:
    script = f"<script>window.yiwenIdentity = {_vouched(shop, 'u-7')}</script>{shop.tag()}"
    address = shop.page("known", script)
    for device in range(2):
        context = browser.new_context(locale="zh-CN")
        page = context.new_page()
        page.goto(address)
        chat = chat_in(page)
        if device == 0:
            say(chat, "我是李雷")
        first = chat.get_by_test_id("message").first
        expect(first).to_contain_text("我是李雷", timeout=PATIENCE)
        context.close()


def test_who_is_not_vouched_for_stays_a_visitor(context: BrowserContext, shop: Shop) -> None:
    identity = _vouched(shop, "u-8").replace('"name": "李雷"', '"name": "韩梅"')
    hears = "window.told = []; window.addEventListener('load', function () { Yiwen.on("
    hears += "'refused', function (why) { window.told.push(why.code); }); });"
    script = f"<script>window.yiwenIdentity = {identity}; {hears}</script>{shop.tag()}"
    page = context.new_page()
    page.goto(shop.page("forged", script))
    say(chat_in(page), "你好")
    assert page.evaluate("window.told") == ["wrong_signature"]


def test_a_page_of_nobody_shows_nothing_and_says_why_once(
    context: BrowserContext, shop: Shop
) -> None:
    page, warnings = context.new_page(), list[str]()
    page.on("console", lambda said: warnings.append(said.text) if said.type == "warning" else None)
    stranger = shop.page("order", shop.tag()).replace(LOOPBACK, "localhost")
    with page.expect_console_message(lambda said: said.type == "warning", timeout=PATIENCE):
        page.goto(stranger)
    assert page.locator("[data-yiwen-widget]").count() == 0
    assert [each for each in warnings if "驿问" in each] == warnings
    assert len(warnings) == 1


def test_an_open_source_rasa_client_talks_with_the_house(
    context: BrowserContext, shop: Shop, rasa_client: bytes
) -> None:
    (shop.folder / "rasa-webchat.js").write_bytes(rasa_client)
    options = f'{{selector: "#webchat", socketUrl: "{shop.house}", socketPath: "/socket.io/"}}'
    script = (
        '<div id="webchat"></div><script src="rasa-webchat.js"></script>'
        f"<script>WebChat.default({options}, null)</script>"
    )
    page = context.new_page()
    page.route("https://fonts.googleapis.com/**", lambda route: route.abort())
    page.goto(shop.page("rasa", script))
    page.locator(".rw-launcher").click()
    page.locator(".rw-new-message").fill("谢谢")
    page.locator(".rw-send").click()
    expect(page.locator(".rw-response").first).to_be_visible(timeout=PATIENCE)
    page.screenshot(path=str(SCREENSHOTS / "rasa-webchat.png"))


def _vouched(shop: Shop, external_id: str) -> str:
    """Return the identity a shop's server would write into its page, as JSON."""
    at = int(time.time())
    signature = sign(Identity(shop.key, external_id, "李雷", False, at), shop.secret)
    identity = {"id": external_id, "name": "李雷", "vip": False, "at": at, "signature": signature}
    return json.dumps(identity, ensure_ascii=False)
