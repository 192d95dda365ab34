"""The house is gone for a moment while somebody writes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Visitor
from tests.journeys.customer import ANSWER_SECONDS
from ticketing.run.system import System

START_SECONDS = 60.0
OUTAGE_NOISE = ("WebSocket connection", "ERR_CONNECTION_REFUSED", "Failed to load resource")


@pytest.fixture
def api_down(house: System, visitor: Visitor) -> Iterator[System]:
    """The house without its `api`, after the first words; whole again afterwards."""
    visitor.chat.say("你好")
    visitor.chat.wait_for_reply("小驿")
    house.kill("api")
    yield house
    house.revive()
    house.wait_until_ready(START_SECONDS, meanwhile=lambda: None)


def test_a_message_written_during_an_outage_arrives_exactly_once(
    visitor: Visitor, api_down: System
) -> None:
    chat = visitor.chat
    expect(chat.offline_banner).to_be_visible(timeout=ANSWER_SECONDS * 1000)
    chat.say("谢谢你")
    visitor.keep_picture("offline")
    assert [m.delivery for m in chat.messages() if m.text == "谢谢你"] == ["sending"]

    assert api_down.revive() == ["api"]
    api_down.wait_until_ready(START_SECONDS, meanwhile=lambda: None)
    chat.wait_for_link("online", START_SECONDS)
    chat.wait_until_delivered()
    chat.wait_for_reply("不客气")
    expect(chat.offline_banner).not_to_be_visible()
    visitor.keep_picture("back-online")

    chat.reload()
    texts = [message.text for message in chat.messages()]
    assert texts.count("谢谢你") == 1
    assert len([text for text in texts if "不客气" in text]) == 1
    assert [m.seq for m in chat.messages()] == [1, 2, 3, 4]
    rest = [c for c in visitor.complaints if not any(noise in c for noise in OUTAGE_NOISE)]
    assert rest == []
