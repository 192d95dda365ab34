"""Customers who have had enough."""

from typing import Any

import pytest

from tests.actions.stage import SF, Json, card, found
from tests.actions.talk import Talk, angry, wish

OPENED = {"outcome": "opened", "ticket": card()}
QUEUED = {"outcome": "queued", "position": 1, "told": "您排在第 1 位。"}
FILLED: Json = {
    "waybill_no": SF,
    "proofs": {SF: "shown"},
    "kind": "damage",
    "role": "receiver",
    "description": "碎了",
    "words": ["碎了"],
    "requested_slot": "confirmed",
}


def talk(**slots: Any) -> Talk:
    """A conversation with a ticketing that files and hands over."""
    begun = Talk(slots=dict(slots)).will_answer("track", found())
    return begun.will_answer("tickets", OPENED).will_answer("handoff", QUEUED)


def filling() -> Talk:
    """A report that only waits to be confirmed."""
    chat = talk(**FILLED)
    chat.form = "report_form"
    return chat


@pytest.mark.parametrize(
    ("mood", "sorry"), [("anger", "say_sorry_anger"), ("threat", "say_sorry_threat")]
)
async def test_an_angry_message_is_answered_with_one_apology_first(mood: str, sorry: str) -> None:
    chat = talk()
    said = await chat.says("他妈的又碎了", "report_damage", angry(mood))
    assert said == [sorry, "say_report_ask_waybill"]
    assert chat.slots["mood"] == {"mood": mood, "message_id": "m1"}
    opening = chat.variable("say_report_ask_waybill", "opening")
    assert opening == "我来帮您登记「破损」。"


async def test_a_calm_message_gets_no_apology() -> None:
    chat = talk()
    assert await chat.says("碎了", "report_damage") == ["say_report_ask_waybill"]
    assert "mood" not in chat.slots
    assert chat.variable("say_report_ask_waybill", "opening").startswith("给您添麻烦了")


async def test_tickets_after_anger_are_urgent_and_those_before_are_not() -> None:
    calm = filling()
    assert await calm.says("确认", "affirm") == ["say_ticket_opened"]
    assert "urgent" not in calm.bodies("tickets")[0]
    upset = filling()
    said = await upset.says("确认，你们这帮骗子", "affirm", angry())
    assert said == ["say_sorry_anger", "say_ticket_opened", "say_ticket_urgent"]
    body = upset.bodies("tickets")[0]
    assert (body["urgent"], body["mood"]) == (True, "anger")


async def test_anger_is_kept_for_the_whole_conversation() -> None:
    chat = talk(waybill_no=SF, proofs={SF: "shown"})
    await chat.says("垃圾快递，运费多少", "ask_fee", angry())
    await chat.says("碎了", "report_damage", ("role", "receiver"))
    await chat.says("两个碗碎了", "report_damage")
    await chat.says("确认", "affirm")
    assert chat.bodies("tickets")[0]["urgent"] is True


async def test_a_threat_stays_a_threat() -> None:
    chat = talk()
    await chat.says("我打12315，运费多少", "ask_fee", angry("threat"))
    await chat.says("运费多少", "ask_fee")
    await chat.says("骗子", "ask_fee", angry())
    assert chat.slots["mood"]["mood"] == "threat"


async def test_the_second_angry_message_in_a_row_brings_the_offer_of_a_person() -> None:
    chat = talk()
    await chat.says("什么垃圾快递，运费多少", "ask_fee", angry())
    said = await chat.says("骗子，几点关门", "station_hours", angry())
    assert said == ["say_sorry_anger", "say_faq", "say_offer_person_upset"]
    assert await chat.says("好", "affirm") == ["say_handed_off"]
    assert chat.bodies("handoff")[0]["reason"] == "anger"


async def test_two_angry_messages_with_a_calm_one_between_are_not_in_a_row() -> None:
    chat = talk()
    await chat.says("什么垃圾快递，运费多少", "ask_fee", angry())
    await chat.says("几点关门", "station_hours")
    said = await chat.says("骗子，能寄酒吗", "ask_sendable", angry())
    assert "say_offer_person_upset" not in said


async def test_in_a_form_a_person_is_at_hand_and_the_form_goes_on() -> None:
    chat = filling()
    await chat.says("妈的，运费多少", "ask_fee", angry())
    said = await chat.says("骗子，几点关门", "station_hours", angry())
    assert said == ["say_sorry_anger", "say_person_at_hand", "say_faq", "say_report_confirm"]
    assert chat.form == "report_form"


@pytest.mark.parametrize("mood", ["anger", "threat"])
async def test_anger_after_the_offer_hands_over(mood: str) -> None:
    chat = filling()
    await chat.says("妈的，运费多少", "ask_fee", angry())
    await chat.says("骗子，几点关门", "station_hours", angry())
    said = await chat.says("我受够了", "complain_service", angry(mood))
    assert said[-1] == "say_handed_off"
    assert chat.form is None
    assert chat.bodies("handoff")[0]["reason"] == "anger"


async def test_anger_outside_a_form_after_an_offer_hands_over_with_an_apology() -> None:
    chat = talk(offer={"what": "person", "message_id": "m1"})
    await chat.says("额", "greet")
    said = await chat.says("你们去死", "chitchat", angry())
    assert said == ["say_sorry_anger", "say_handed_off"]
    assert chat.ran == ["action_beside_the_point", "action_hand_off"]
    assert chat.bodies("handoff")[0]["reason"] == "anger"


async def test_who_swears_but_goes_on_is_not_handed_over() -> None:
    chat = filling()
    await chat.says("妈的，运费多少", "ask_fee", angry())
    await chat.says("骗子，几点关门", "station_hours", angry())
    said = await chat.says("确认，妈的", "affirm", angry())
    assert "say_ticket_opened" in said
    assert chat.bodies("handoff") == []


async def test_who_asks_for_a_person_after_anger_comes_before_others() -> None:
    chat = talk()
    await chat.says("垃圾快递，运费多少", "ask_fee", angry())
    await chat.says("转人工", "talk_to_human")
    assert chat.bodies("handoff")[0]["reason"] == "anger"
    calm = talk()
    await calm.says("转人工", "talk_to_human")
    assert calm.bodies("handoff")[0]["reason"] == "asked"


async def test_an_insult_is_not_answered_merrily() -> None:
    chat = talk()
    said = await chat.says("傻逼", "chitchat", angry())
    assert said == ["say_sorry_anger", "say_upset_what"]


async def test_an_insult_in_a_form_leads_back_to_its_question() -> None:
    chat = talk(**{**FILLED, "role": None, "requested_slot": "role"})
    chat.form = "report_form"
    said = await chat.says("傻逼", "chitchat", angry())
    assert said == ["say_sorry_anger", "say_report_ask_role"]


async def test_an_escalation_apologises_once() -> None:
    chat = talk()
    said = await chat.says("我要去12315告你们", "escalate", angry("threat"))
    assert said == ["say_escalated", "say_report_ask_waybill"]
    assert chat.variable("say_report_ask_waybill", "opening") == "我来帮您登记「投诉」。"
    assert chat.slots["mood"]["mood"] == "threat"


async def test_one_apology_for_two_wishes() -> None:
    chat = talk()
    fee = wish("几点关门", "station_hours")
    said = await chat.says("骗子，运费多少，几点关门", "ask_fee", angry(), wishes=(fee,))
    assert said == ["say_sorry_anger", "say_faq", "say_next_wish", "say_faq"]


async def test_with_a_person_offered_the_next_wish_waits() -> None:
    chat = talk()
    await chat.says("骗子，能寄酒吗", "ask_sendable", angry())
    fee = wish("几点关门", "station_hours")
    said = await chat.says("骗子，运费多少，几点关门", "ask_fee", angry(), wishes=(fee,))
    assert said[-1] == "say_offer_person_upset"
    assert chat.remembered == ["station_hours"]
