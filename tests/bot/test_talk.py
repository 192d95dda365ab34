"""Conversations as customers really have them, through the trained model and the actions."""

from __future__ import annotations

import pytest

from tests.bot.customer import Customer
from tests.bot.ticketing_standin import UNREGISTERED

SF, YT = "SF1234567890123", "YT1234567890123"


async def test_one_long_sentence_needs_only_the_confirmation(customer: Customer) -> None:
    heard = await customer.says(f"{SF}的快递尾号6789摔坏了杯子碎了我是收件人")
    assert "确认提交" in heard.buttons
    assert "T20261122" in (await customer.says("对的")).text


async def test_number_and_digits_alone_are_enough(customer: Customer) -> None:
    assert (await customer.says(f"{SF} 6789")).cards[0]["events"]


async def test_number_digits_and_side_in_one_answer(customer: Customer) -> None:
    heard = await customer.says("快递一直没到，太慢了", f"{SF} 6789 收件人")
    assert "确认提交" in heard.buttons


@pytest.mark.parametrize(("said", "carrier"), [("顺丰的快递", "顺丰"), ("韵达", "韵达")])
async def test_a_carriers_name_is_heard(customer: Customer, said: str, carrier: str) -> None:
    heard = await customer.says(said)
    assert carrier in heard.text
    assert heard.buttons[0] == f"查{carrier}快递"
    assert (await customer.says(heard.buttons[0])).form == "track_form"


async def test_digits_nobody_can_check_are_asked_for_once(customer: Customer) -> None:
    heard = await customer.says(f"{UNREGISTERED}到哪了", "1234")
    assert "没法核对" in heard.text
    assert heard.buttons == ["报问题", "转人工"]
    again = await customer.says("现在到哪了")
    assert again.form is None
    assert "后四位" not in again.text


async def test_digits_after_a_failed_look_go_with_the_promise(customer: Customer) -> None:
    await customer.says("SF0000000000001到哪了", "尾号6789", "好的通知我")
    assert customer.asked_of_ticketing("promises")[0]["phone_tail"] == "6789"


@pytest.mark.parametrize("begin", ["查快递", "查工单", "我的快递丢了"])
async def test_nonsense_ends_with_a_person(customer: Customer, begin: str) -> None:
    await customer.says(begin, *["香蕉飞机蓝色洗衣"] * 4)
    assert customer.standin.handed_off[customer.conversation_id] == "not_understood"


async def test_the_next_ticket_tells_its_own_story(customer: Customer) -> None:
    await customer.says(f"我的{SF}杯子碎了", "6789", "我是收件人", "确认提交")
    await customer.says(f"{YT}这个丢件了", "1122", "收件人", "网点说找不到了", "确认")
    told = customer.asked_of_ticketing("tickets")[1]["words"]
    assert told == [f"{YT}这个丢件了", "网点说找不到了"]
