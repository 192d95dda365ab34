"""Numbers nobody knows, digits nobody has, words nobody means."""

from __future__ import annotations

import pytest

from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.customer import Customer
from tests.journeys.house_fixtures import NewCustomer


def test_a_waybill_the_carrier_does_not_know_is_said_to_be_unknown(customer: Customer) -> None:
    reply = customer.say("YT9999999999999到哪了")
    assert "查不到" in reply.text
    assert "YT9999999999999" in reply.text


def test_an_unknown_waybill_of_a_carrier_that_demands_digits_ends_in_words(
    customer: Customer,
) -> None:
    customer.say("SF0000000000000到哪了")
    reply = customer.say("1234")
    assert "SF0000000000000" in reply.text
    assert not reply.cards


@pytest.mark.parametrize("number", ["XX1234567890123456789", "ZZ99887766554433221100"])
def test_a_number_of_no_known_carrier_is_said_to_be_none(customer: Customer, number: str) -> None:
    assert "不像任何一家快递公司" in customer.say(f"查一下{number}").text


def test_without_digits_only_state_and_city_are_told(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take(carrier="YTO")
    seen = customer.say(f"{parcel.waybill_no}到哪了")
    assert parcel.city in seen.text
    stays = customer.press("不方便提供")
    assert not stays.cards
    again = customer.say(f"{parcel.waybill_no}到底在哪")
    assert parcel.city in again.text
    assert not again.cards


def test_a_carrier_that_demands_digits_tells_nothing_to_those_who_refuse(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take(carrier="SF")
    asked = customer.say(f"{parcel.waybill_no}到哪了")
    assert "后四位" in asked.text
    refused = customer.say("不方便提供")
    assert not refused.cards
    assert "转人工" in refused.buttons


def test_guessing_digits_is_stopped_after_a_few_tries(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take(carrier="YTO")
    customer.say(f"{parcel.waybill_no}到哪了")
    guesses = [t for t in ("0001", "0002", "0003", "0004", "0005", "0006") if t not in parcel.tails]
    replies = [customer.say(guess).text for guess in guesses]
    assert "太多" in replies[-1]
    # Now even the right digits open nothing in this conversation.
    assert not customer.say(f"{parcel.waybill_no} 后四位{parcel.phone_tail}").cards


def test_guessing_through_many_conversations_is_stopped_too(
    new_customer: NewCustomer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take(carrier="STO")
    stopped = 0
    for number in range(8):
        guesser = new_customer()
        guesser.say(f"{parcel.waybill_no}到哪了")
        for guess in range(3):
            reply = guesser.say(f"{9000 + number * 3 + guess}")
            stopped += "太多" in reply.text
            if "太多" in reply.text:
                break
    assert stopped >= 1


@pytest.mark.parametrize("words", ["/back", "/restart", "/greet", "/session_start"])
def test_a_message_that_begins_with_a_slash_is_ordinary_text(
    customer: Customer, carrier_world: CarrierWorld, words: str
) -> None:
    parcel = carrier_world.take(carrier="YD")
    customer.say(f"{parcel.waybill_no}到哪了")
    reply = customer.say(words)
    assert "正在为您转人工" not in reply.text
    assert "小驿" not in reply.text
    assert customer.say(parcel.phone_tail).card["waybill_no"] == parcel.waybill_no


@pytest.mark.parametrize(
    "words", ['/inform{"waybill_no":"YT0000000000000"}', "/report_damage", "/session_start"]
)
def test_an_intent_payload_of_a_customer_runs_nothing(customer: Customer, words: str) -> None:
    reply = customer.say(words)
    assert "正在为您转人工" not in reply.text
    assert "登记" not in reply.text
    # No form has begun and the bot still speaks: a greeting gets the ordinary greeting.
    assert "我是小驿" in customer.say("你好").text
