"""A customer and our people, each in a window of their own, from 转人工 to the survey."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest
from PIL import Image
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FilePayload,
    Locator,
    ViewportSize,
    expect,
)
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.browser.chat_page import ChatPage
from tests.browser.conftest import SCREENSHOTS, complaints_of
from tests.browser.desk_page import PATIENCE, DeskPage
from ticketing.run.demo import sign_in_of
from ticketing.run.system import System

type NewDesk = Callable[[str], DeskPage]
type NewChat = Callable[[], ChatPage]


@pytest.fixture
def contexts(browser: Browser) -> Iterator[Callable[[int, int], BrowserContext]]:
    """Windows of separate people; all are closed at the end."""
    opened: list[BrowserContext] = []

    def make(width: int, height: int) -> BrowserContext:
        size = ViewportSize(width=width, height=height)
        opened.append(
            browser.new_context(viewport=size, locale="zh-CN", timezone_id="Asia/Shanghai")
        )
        return opened[-1]

    yield make
    for context in opened:
        context.close()


@pytest.fixture
def complaints() -> list[list[str]]:
    """What the consoles of all windows complained of."""
    return []


@pytest.fixture
def new_desk(
    house: System,
    contexts: Callable[[int, int], BrowserContext],
    complaints: list[list[str]],
) -> NewDesk:
    """Sign somebody of the demo in: `""` is the agent, `"lead_"` the lead."""
    known = sign_in_of(house.plan.data_dir)

    def make(who: str) -> DeskPage:
        page = contexts(1280, 800).new_page()
        complaints.append(complaints_of(page))
        desk = DeskPage(page, house.plan.api_url)
        desk.sign_in(known[f"{who}username"], known[f"{who}password"])
        return desk

    return make


@pytest.fixture
def new_chat(
    house: System,
    contexts: Callable[[int, int], BrowserContext],
    complaints: list[list[str]],
) -> NewChat:
    """A new customer with a phone."""

    def make() -> ChatPage:
        page = contexts(390, 844).new_page()
        complaints.append(complaints_of(page))
        chat = ChatPage(page)
        chat.open(f"{house.plan.api_url}/chat")
        return chat

    return make


def picture() -> FilePayload:
    """A photo as a browser's file chooser takes it."""
    kept = io.BytesIO()
    Image.new("RGB", (320, 240), (200, 120, 40)).save(kept, "JPEG")
    return FilePayload(name="外箱.jpg", mimeType="image/jpeg", buffer=kept.getvalue())


def asks_for_a_person(chat: ChatPage, words: str) -> None:
    """Let a customer get into the queue, and say something there."""
    chat.say("转人工")
    chat.wait_for_reply("位")
    chat.say(words)


def test_from_the_queue_to_the_survey(
    new_chat: NewChat, new_desk: NewDesk, house: System, complaints: list[list[str]]
) -> None:
    lead_name = sign_in_of(house.plan.data_dir)["lead_username"]
    chat, agent = new_chat(), new_desk("")
    asks_for_a_person(chat, "包裹外箱破了一个洞")
    agent.open("包裹外箱破了一个洞")
    agent.take()
    agent.say("您好，请把外箱拍一张照片发给我。")
    chat.wait_for_reply("请把外箱拍一张照片发给我")
    chat.page.get_by_test_id("upload-files").set_input_files([picture()])
    agent.wait_for_picture()
    agent.note("客户态度很好，优先处理")
    agent.screenshot(SCREENSHOTS / "desk-talk-1280x800.png")

    lead = new_desk("lead_")
    agent.transfer(f"agent:{lead_name}", "外箱破损，已收照片，请定赔付")
    lead.accept("请把外箱拍一张照片")
    lead.say("我是主管，给您赔付 30 元，可以吗？")
    chat.wait_for_reply("给您赔付 30 元")
    expect(chat.log).not_to_contain_text("客户态度很好")
    chat.say("可以的，谢谢")
    lead.wait_for_message("可以的，谢谢")
    lead.give_back("赔付 30 元，三天内到账")

    chat.wait_for_reply("评", timeout=PATIENCE)
    chat.say("5分")
    chat.wait_for_reply("谢谢")
    chat.say("我的快递到哪了")
    chat.wait_for_reply("单号")
    assert [each for each in complaints if each] == []


def test_an_agents_window_dies_and_the_customer_goes_on(
    new_chat: NewChat, new_desk: NewDesk
) -> None:
    chat, agent = new_chat(), new_desk("")
    asks_for_a_person(chat, "等了三天还没到货")
    talk = agent.open("等了三天还没到货")
    agent.take()
    agent.page.context.close()
    chat.say("有人在吗，怎么不说话了")
    chat.wait_until_delivered()
    again = new_desk("")
    expect(again.row_of(talk)).to_be_visible(timeout=PATIENCE * 1000)
    again.row_of(talk).get_by_test_id("row-open").click()
    again.wait_for_message("有人在吗，怎么不说话了")
    if again.holder.get_attribute("data-owner") == "queue":
        again.take()
    again.say("抱歉让您久等了，我在的。")
    chat.wait_for_reply("抱歉让您久等了")


def is_told(toast: Locator) -> bool:
    """Whether somebody is told, within a moment, that another was quicker."""
    try:
        toast.first.wait_for(timeout=5000)
    except PlaywrightTimeout:
        return False
    return True


def test_two_take_at_once_and_one_is_told(new_chat: NewChat, new_desk: NewDesk) -> None:
    chat, agent, lead = new_chat(), new_desk(""), new_desk("lead_")
    asks_for_a_person(chat, "寄的东西少了一件")
    for desk in (agent, lead):
        desk.open("寄的东西少了一件")
    for desk in (agent, lead):
        desk.page.get_by_test_id("take").click(no_wait_after=True)
    told = [each.page.get_by_test_id("toast").filter(has_text="已由") for each in (agent, lead)]
    loser, winner = (agent, lead) if is_told(told[0]) else (lead, agent)
    expect(loser.page.get_by_test_id("not-mine")).to_be_visible(timeout=PATIENCE * 1000)
    winner.say("您好，少了哪一件？")
    chat.wait_for_reply("少了哪一件")
