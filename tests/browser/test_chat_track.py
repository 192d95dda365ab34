"""Where is my parcel, in the web chat."""

from __future__ import annotations

import re

from tests.browser.conftest import Visitor
from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.privacy import MOBILE, secrets_of


def test_a_customer_tracks_a_parcel_and_finds_it_again_after_a_reload(
    visitor: Visitor, carrier_world: CarrierWorld
) -> None:
    parcel, chat = carrier_world.take("out_for_delivery"), visitor.chat
    visitor.keep_picture("welcome")
    chat.say(f"我的快递{parcel.waybill_no}到哪了")
    asked = chat.wait_for_reply("后四位")
    assert not [secret for secret in secrets_of(parcel) if secret in asked.text]
    chat.say(parcel.wrong_tail)
    chat.wait_for_reply("不一致")
    chat.say(parcel.phone_tail)
    chat.wait_for_reply(parcel.waybill_no)
    card = chat.parcel_card()
    assert card.waybill_no == parcel.waybill_no
    assert card.carrier_name == parcel.carrier
    assert len(card.events) == len(parcel.scans)
    visitor.keep_picture("track")

    before = chat.messages()
    chat.reload()
    assert chat.messages() == before
    assert chat.parcel_card().events == card.events
    assert not MOBILE.findall(chat.log.inner_text())
    assert [m.seq for m in before] == list(range(1, len(before) + 1))
    assert visitor.complaints == []


def test_a_number_of_no_carrier_is_answered_in_words(visitor: Visitor) -> None:
    visitor.chat.say("帮我查XX1234567890123456789")
    reply = visitor.chat.wait_for_reply("不像任何一家快递公司")
    assert re.search("XX1234567890123456789", reply.text)
    assert visitor.complaints == []


def test_nothing_is_wider_than_the_window(visitor: Visitor, carrier_world: CarrierWorld) -> None:
    parcel, chat = carrier_world.take(), visitor.chat
    chat.say("W" * 300 + "我的快递" + "http://example.com/" + "a" * 200)
    chat.wait_until_delivered()
    chat.say(f"{parcel.waybill_no} 后四位{parcel.phone_tail}")
    chat.parcel_card()
    overflow = chat.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    assert overflow <= 0
