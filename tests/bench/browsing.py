"""What our people and customers wait for in a browser: pages to load, a desk with 200 talks."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Sequence

from playwright.async_api import (
    Browser,
    BrowserContext,
    Page,
    Response,
    ViewportSize,
    async_playwright,
)

from tests.bench import desk_people
from tests.bench.desk import running_desk
from tests.bench.pages import Pages, packed
from tests.bench.talks import talk, under_way
from ticketing.run import console
from ticketing.run.plan import ROOT

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
WIDGET = ROOT / "console" / "dist" / "widget" / "widget.js"
TALKS_BEFORE = 3
"""So many exchanges each conversation has behind it."""
_PATIENCE_MS = 20_000
_READS_SECONDS = 0.3
"""How long whoever turned to a conversation stays there."""
_SIZE = ViewportSize(width=1280, height=800)

# A row is usable when whoever pressed there would press it: nothing lies over it.
_NOTES_WHEN_USABLE = """
(() => {
  const look = () => {
    const row = document.querySelector('[data-testid="row"] [data-testid="row-open"]');
    const box = row?.getBoundingClientRect();
    const there = box && document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    if (there && row.contains(there)) window.usableAfter = performance.now();
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})();
"""
_USABLE = "() => window.usableAfter"
# From the press until the frame with the other conversation's last words has been drawn.
_NOTES_THE_SWITCH = """
words => {
  window.switchedAfter = null;
  addEventListener("pointerdown", pressed => {
    const look = () => {
      const log = document.querySelector('[data-testid="log"]');
      const said = [...(log?.querySelectorAll('[data-testid="message"]') ?? [])].at(-1);
      const box = said?.getBoundingClientRect(), frame = log?.getBoundingClientRect();
      const isThere = said?.textContent.includes(words)
        && box.bottom > frame.top && box.top < frame.bottom;
      if (!isThere) return requestAnimationFrame(look);
      const drawn = new MessageChannel();
      drawn.port1.onmessage = () => {
        window.switchedAfter = performance.now() - pressed.timeStamp;
      };
      drawn.port2.postMessage(null);
    };
    requestAnimationFrame(look);
  }, { capture: true, once: true });
}
"""
_SWITCHED = "() => window.switchedAfter"


class NoBrowser(Exception):
    """There is no Chromium on this machine."""


def measured(loads: int, switches: int) -> Pages:
    """Build the pages, fill a desk, open it so often and turn to so many conversations."""
    console.build_if_needed()
    with running_desk(0, desk_people.employ_for_talks) as desk:
        return asyncio.run(_measured(desk.url, loads, switches))


async def _measured(url: str, loads: int, switches: int) -> Pages:
    async with under_way(url) as customers, async_playwright() as playwright:
        await talk(customers, TALKS_BEFORE, every=0.0)
        last = {each.conversation_id: each.last for each in customers}
        browser = await playwright.chromium.launch(
            executable_path=_program(), args=["--no-sandbox"]
        )
        await _load(browser, url)
        found = [await _load(browser, url) for _ in range(loads)]
        return Pages(
            console_kb=max(kilobytes for _, kilobytes in found),
            chat_kb=await _chat_kb(browser, url),
            widget_kb=packed(WIDGET.read_bytes()),
            usable_ms=tuple(usable for usable, _ in found),
            switch_ms=await _switch(browser, url, last, switches),
            talks=len(last),
        )


def _program() -> str:
    program = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if program is None:
        raise NoBrowser(", ".join(PROGRAMS))
    return program


async def _at_the_desk(browser: Browser, url: str) -> BrowserContext:
    """Return a window of somebody who has signed in, with nothing in its cache."""
    context = await browser.new_context(
        viewport=_SIZE, locale="zh-CN", timezone_id="Asia/Shanghai", base_url=url
    )
    body = {"username": desk_people.LEAD, "password": desk_people.PASSWORD}
    answer = await context.request.post("/api/session", data=body, headers={"X-Yiwen": "console"})
    if not answer.ok:
        raise NoBrowser(await answer.text())
    return context


async def _load(browser: Browser, url: str) -> tuple[float, float]:
    """Open the desk; return the milliseconds until it is usable, and the kilobytes it took."""
    context = await _at_the_desk(browser, url)
    page = await context.new_page()
    files = _files_of(page, "/console")
    await page.add_init_script(_NOTES_WHEN_USABLE)
    await page.goto("/console/desk", wait_until="commit")
    usable = await _number(page, _USABLE)
    kilobytes = await _sum(files)
    await context.close()
    return usable, kilobytes


async def _chat_kb(browser: Browser, url: str) -> float:
    page = await browser.new_page(base_url=url)
    files = _files_of(page, "/chat")
    await page.goto("/chat")
    await page.locator('[data-testid="message-log"][data-loaded="true"]').wait_for(
        state="attached", timeout=_PATIENCE_MS
    )
    kilobytes = await _sum(files)
    await page.close()
    return kilobytes


async def _switch(
    browser: Browser, url: str, last: dict[str, str], count: int
) -> tuple[float, ...]:
    """Press one conversation after the other; return the milliseconds each took to be shown."""
    context = await _at_the_desk(browser, url)
    page = await context.new_page()
    await page.goto("/console/desk")
    rows = page.get_by_test_id("row")
    await rows.nth(len(last) - 1).wait_for(state="attached", timeout=_PATIENCE_MS)
    ids = [str(await each.get_attribute("data-id")) for each in await rows.all()]
    taken = []
    for conversation in _spread([each for each in ids if each in last], count + 1):
        await page.evaluate(_NOTES_THE_SWITCH, last[conversation])
        row = page.locator(f'[data-testid="row"][data-id="{conversation}"]')
        await row.get_by_test_id("row-open").click()
        taken.append(await _number(page, _SWITCHED))
        await asyncio.sleep(_READS_SECONDS)
    await context.close()
    # Before the first there was no conversation to turn from.
    return tuple(taken[1:])


def _spread(ids: Sequence[str], count: int) -> Sequence[str]:
    """Return so many of them, from all over the list, one's own among them."""
    return [ids[number * len(ids) // count] for number in range(count)]


def _files_of(page: Page, below: str) -> list[Response]:
    """Return a list that fills with the page's own files: not what it then asks the API."""
    found: list[Response] = []

    def note(response: Response) -> None:
        path = response.url.removeprefix("http://").partition("/")[2]
        if f"/{path}".startswith(below):
            found.append(response)

    page.on("response", note)
    return found


async def _sum(files: Sequence[Response]) -> float:
    return round(sum([packed(await each.body()) for each in list(files)]), 1)


async def _number(page: Page, script: str) -> float:
    handle = await page.wait_for_function(script, timeout=_PATIENCE_MS)
    return round(float(await handle.json_value()), 1)
