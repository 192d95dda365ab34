"""Carriers that are down, slow, or talk nonsense."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.journeys.carrier_world import CarrierWorld, Parcel
from tests.journeys.customer import Customer
from tests.journeys.house_fixtures import NewCustomer
from tests.journeys.waiting import until

NOTIFY = "查到后通知我"
ANSWER_WITHIN_SECONDS = 4.0
# The worker looks again after 3 s, 6 s, 12 s, and lets a provider that failed often rest for 30 s.
NEWS_WITHIN_SECONDS = 45.0


@pytest.fixture(autouse=True)
def _both_providers_answer_again(
    carrier_world: CarrierWorld, new_customer: NewCustomer
) -> Iterator[None]:
    """Leave no provider with failures on its account, so that the next journey starts even."""
    yield
    carrier_world.heal()
    carrier_world.fail("kdniao", "down")
    ask_until_answered(new_customer(), carrier_world.take())
    carrier_world.heal()
    ask_until_answered(new_customer(), carrier_world.take())


def ask_until_answered(customer: Customer, parcel: Parcel) -> None:
    """Ask about a parcel until the carrier's answer is passed on."""

    def is_answered() -> bool:
        return NOTIFY not in customer.say(f"{parcel.waybill_no}到哪了").buttons

    until(is_answered, NEWS_WITHIN_SECONDS, "a healthy carrier")


def test_a_carrier_that_is_down_is_named_and_the_news_comes_later_by_itself(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take(carrier="YTO")
    carrier_world.fail("all", "down")
    down = customer.say(f"{parcel.waybill_no}到哪了")
    assert "查不到" in down.text
    assert "一有消息" in customer.press(NOTIFY).text
    before = sum(carrier_world.calls_about(parcel).values())
    until(
        lambda: sum(carrier_world.calls_about(parcel).values()) > before,
        NEWS_WITHIN_SECONDS,
        "a second look at the carrier",
    )
    carrier_world.heal()
    news = customer.wait_for(parcel.waybill_no, NEWS_WITHIN_SECONDS)
    assert parcel.city in news.text
    assert not news.cards
    assert customer.say(f"{parcel.waybill_no} 后四位{parcel.phone_tail}").card["events"]


def test_digits_given_while_the_carrier_is_down_count_when_it_is_back(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take(carrier="SF")
    carrier_world.fail("all", "error_500")
    customer.say(f"{parcel.waybill_no} 手机尾号{parcel.phone_tail}")
    customer.press(NOTIFY)
    carrier_world.heal()
    news = customer.wait_for(parcel.waybill_no, NEWS_WITHIN_SECONDS)
    assert news.card["disclosure"] == "full"
    assert news.card["waybill_no"] == parcel.waybill_no


@pytest.mark.parametrize(
    ("provider", "kind"),
    [
        ("kdniao", "down"),
        ("kdniao", "error_500"),
        ("kdniao", "truncated_json"),
        ("kdniao", "wrong_signature"),
        ("kdniao", "quota"),
        ("kuaidi100", "down"),
    ],
)
def test_the_other_provider_answers_and_the_customer_notices_nothing(
    customer: Customer, carrier_world: CarrierWorld, provider: str, kind: str
) -> None:
    parcel = carrier_world.take()
    carrier_world.fail(provider, kind)
    customer.say(f"{parcel.waybill_no}到哪了")
    told = customer.say(parcel.phone_tail)
    assert len(told.card["events"]) == len(parcel.scans)


def test_a_slow_carrier_is_not_waited_for_and_the_news_comes_later(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take(carrier="YTO")
    carrier_world.fail("all", "slow", seconds=5)
    began = time.monotonic()
    slow = customer.say(f"{parcel.waybill_no}到哪了")
    assert time.monotonic() - began < ANSWER_WITHIN_SECONDS + 0.5
    assert parcel.waybill_no in slow.text
    if NOTIFY in slow.buttons:
        customer.press(NOTIFY)
    assert told_later(customer, parcel)


def told_later(customer: Customer, parcel: Parcel) -> bool:
    """Wait for news of a parcel although its carrier still takes 5 s."""
    return parcel.city in customer.wait_for("查到了", NEWS_WITHIN_SECONDS).text


def test_one_slow_provider_is_made_good_by_the_other(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take(carrier="YTO")
    carrier_world.fail("kdniao", "slow", seconds=5)
    began = time.monotonic()
    told = customer.say(f"{parcel.waybill_no} 后四位{parcel.phone_tail}")
    assert time.monotonic() - began < ANSWER_WITHIN_SECONDS + 0.5
    assert told.card["disclosure"] == "full"


def test_a_complaint_is_filed_though_every_carrier_is_down(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take(carrier="YTO")
    carrier_world.fail("all", "down")
    customer.say(f"{parcel.waybill_no}丢件了，一直找不到")
    for answer in (parcel.phone_tail, "我是收件人"):
        customer.say(answer)
    assert "工单号" in customer.press("确认提交").text
