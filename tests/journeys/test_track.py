"""Where is my parcel?"""

from __future__ import annotations

import pytest

from tests.journeys.carrier_world import CarrierWorld
from tests.journeys.customer import Customer

# ZTO and SF tell nothing without digits, YTO and YD do.
CARRIERS = ("SF", "ZTO", "YTO", "YD")


@pytest.mark.parametrize("carrier", CARRIERS)
def test_a_parcel_is_told_after_the_digits_are_right(
    customer: Customer, carrier_world: CarrierWorld, carrier: str
) -> None:
    parcel = carrier_world.take(carrier=carrier)
    asked = customer.say(f"我的快递{parcel.waybill_no}到哪了")
    assert "后四位" in asked.text
    wrong = customer.say(parcel.wrong_tail)
    assert "不一致" in wrong.text
    assert not wrong.cards
    told = customer.say(parcel.phone_tail)
    assert told.card["waybill_no"] == parcel.waybill_no
    assert told.card["disclosure"] == "full"
    assert len(told.card["events"]) == len(parcel.scans)
    assert parcel.carrier in told.text


def test_the_senders_digits_are_as_good(customer: Customer, carrier_world: CarrierWorld) -> None:
    parcel = carrier_world.take(carrier="SF")
    customer.say(f"{parcel.waybill_no}到哪了")
    assert customer.say(parcel.sender_phone_tail).card["disclosure"] == "full"


def test_a_whole_phone_number_counts_as_its_digits(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take(carrier="YTO")
    customer.say(f"查一下{parcel.waybill_no}")
    told = customer.say(f"我手机号是1380013{parcel.phone_tail}")
    assert told.card["disclosure"] == "full"


@pytest.mark.parametrize("shape", ["bare", "lower", "full_width", "spaces", "sentence"])
def test_a_number_is_read_however_it_is_written(
    customer: Customer, carrier_world: CarrierWorld, shape: str
) -> None:
    parcel = carrier_world.take(carrier="YTO" if shape in {"bare", "lower"} else None)
    reply = customer.say(written(parcel.waybill_no, shape))
    assert parcel.waybill_no in reply.text
    assert customer.say(parcel.phone_tail).card["waybill_no"] == parcel.waybill_no


def written(waybill_no: str, shape: str) -> str:
    """Return a message with the number in one of the shapes customers write."""
    wide = "".join(chr(ord(c) + 0xFEE0) for c in waybill_no)
    groups = " ".join(waybill_no[i : i + 4] for i in range(0, len(waybill_no), 4))
    shapes = {
        "bare": waybill_no,
        "lower": waybill_no.lower(),
        "full_width": f"快递单号{wide}，到哪了",
        "spaces": f"单号 {groups} 到哪里了",
        "sentence": f"麻烦帮我看看{waybill_no}这个件现在走到哪儿了呀谢谢",
    }
    return shapes[shape]


def test_the_number_may_come_after_the_question(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take(carrier="YD")
    assert "运单号" in customer.say("我的快递到哪了").text
    assert "后四位" in customer.say(parcel.waybill_no).text
    assert customer.say(parcel.phone_tail).card["waybill_no"] == parcel.waybill_no


def test_two_numbers_in_one_message_are_both_answered(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    one, other = carrier_world.take(carrier="YTO"), carrier_world.take(carrier="YD")
    reply = customer.say(f"帮我查{one.waybill_no}和{other.waybill_no}")
    assert one.waybill_no in reply.text
    assert other.waybill_no in reply.text
    first = customer.say(one.phone_tail)
    assert first.card["waybill_no"] == one.waybill_no
    second = customer.say(other.phone_tail)
    assert second.card["waybill_no"] == other.waybill_no


def test_each_of_two_parcels_is_proved_once_in_a_conversation(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    one, other = carrier_world.take(carrier="SF"), carrier_world.take(carrier="JD")
    for parcel in (one, other):
        assert "后四位" in customer.say(f"{parcel.waybill_no}到哪了").text
        assert customer.say(parcel.phone_tail).card["waybill_no"] == parcel.waybill_no
    for parcel in (one, other):
        again = customer.say(f"{parcel.waybill_no}现在到哪了")
        assert again.card["waybill_no"] == parcel.waybill_no
        assert "后四位" not in again.text


def test_digits_of_one_parcel_do_not_open_another(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    one, other = carrier_world.take(carrier="YTO"), carrier_world.take(carrier="STO")
    customer.say(f"{one.waybill_no}到哪了")
    assert customer.say(one.phone_tail).cards
    customer.say(f"{other.waybill_no}到哪了")
    refused = customer.say(one.phone_tail)
    assert not refused.cards
    assert "不一致" in refused.text


def test_ten_questions_about_one_parcel_are_one_call_to_the_carrier(
    customer: Customer, carrier_world: CarrierWorld
) -> None:
    parcel = carrier_world.take(carrier="YTO")
    customer.say(f"{parcel.waybill_no}到哪了")
    for _ in range(9):
        customer.say(f"{parcel.waybill_no}到哪了")
    assert sum(carrier_world.calls_about(parcel).values()) <= 1
