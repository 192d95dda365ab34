"""Two wishes in one message, from the first word to the last."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.hearing import Wish
from actions.next_wish import action_for
from actions.turn import Turn
from actions.wishes import quoted
from tests.actions.stage import SF, YT, Json, card, found, track
from tests.actions.talk import Talk, rules, wish

TOP = Path(__file__).parents[2]
OPENED = {"outcome": "opened", "ticket": card()}
QUEUED = {"outcome": "queued", "position": 1, "told": "您排在第 1 位。"}
ARRIVAL = wish("另外那个什么时候到", "ask_shipping_time")
FEE = wish("另外运费多少", "ask_fee")
SENDABLE = wish("能寄酒吗", "ask_sendable")
KNOWN: Json = {"waybill_no": SF, "proofs": {SF: "shown"}}
JT = "JT1234567890123"


def talk(**slots: Any) -> Talk:
    """A conversation with a ticketing that knows every parcel and files every report."""
    begun = Talk(slots=dict(slots))
    return begun.will_answer("track", found()).will_answer("tickets", OPENED)


def ready(**changes: Any) -> Talk:
    """A damage report that only waits to be confirmed, with a wish remembered."""
    kept = Wish("ask_fee", "另外运费多少").as_slot() | {"message_id": "m0", "noted": True}
    filled = {"kind": "damage", "role": "receiver", "description": "碎了", "words": ["碎了"]}
    slots = {**KNOWN, **filled, "requested_slot": "confirmed", "next_wishes": [kept], **changes}
    ready = talk(**slots)
    ready.form = "report_form"
    return ready


async def test_the_second_wish_is_noted_then_taken_up_when_the_first_is_filed() -> None:
    chat = talk()
    said = await chat.says(
        f"{SF}破了，我要赔钱，另外那个什么时候到",
        "report_damage",
        ("waybill_no", SF),
        wishes=(ARRIVAL,),
    )
    assert said == ["say_report_begin", "say_wishes_noted", "say_report_ask_digits"]
    assert chat.variable("say_wishes_noted", "wishes") == "「什么时候到」"
    await chat.says("6789", "provide_info", ("phone_tail", "6789"))
    await chat.says("收件人", "provide_info", ("role", "receiver"))
    said = await chat.says("两个碗碎了", "report_damage")
    assert said == ["say_report_confirm"]
    said = await chat.says("确认提交", "affirm")
    assert said == ["say_ticket_opened", "say_next_wish", "say_track_full_eta"]
    assert chat.variable("say_next_wish", "wish") == "什么时候到"
    assert chat.bodies("track")[-1]["waybill_no"] == SF
    assert (chat.remembered, chat.form) == ([], None)
    assert "什么时候到" not in str(chat.bodies("tickets")[0])


async def test_two_questions_are_answered_in_the_same_turn() -> None:
    chat = talk()
    said = await chat.says("运费多少，能寄酒吗", "ask_fee", wishes=(SENDABLE,))
    assert said == ["say_faq", "say_next_wish", "say_faq"]
    first, second = (each["answer"] for each in chat.responses if each["response"] == "say_faq")
    assert first != second
    assert chat.remembered == []


async def test_a_form_begins_when_the_question_before_it_is_answered() -> None:
    chat = talk()
    said = await chat.says("运费多少，碎了", "ask_fee", wishes=(wish("碎了", "report_damage"),))
    assert said == ["say_faq", "say_next_wish", "say_report_ask_waybill"]
    assert chat.form == "report_form"
    assert chat.slots["words"] == ["碎了"]


async def test_three_wishes_are_dealt_with_one_after_the_other() -> None:
    chat = talk(**KNOWN)
    text = "运费多少，碎了，能寄酒吗"
    said = await chat.says(text, "ask_fee", wishes=(wish("碎了", "report_damage"), SENDABLE))
    assert said[:2] == ["say_faq", "say_next_wish"]
    assert said[-2:] == ["say_wishes_noted", "say_report_ask_role"]
    assert chat.variable("say_wishes_noted", "wishes") == "「能寄酒吗」"
    said = await chat.says("不报了", "change_mind")
    assert said == ["say_report_cancelled", "say_next_wish", "say_faq"]
    assert chat.remembered == []


async def test_a_wish_is_named_after_the_matter_is_introduced_and_before_a_question() -> None:
    begins = await talk().says("碎了，另外运费多少", "report_damage", wishes=(FEE,))
    assert begins == ["say_report_ask_waybill", "say_wishes_noted"]
    angry = await talk().says(
        "妈的碎了，另外运费多少", "report_damage", ("mood", "anger"), wishes=(FEE,)
    )
    assert angry == ["say_sorry_anger", "say_report_ask_waybill", "say_wishes_noted"]
    middle = ready(next_wishes=None)
    said = await middle.says("改一下，另外运费多少", "correct_info", wishes=(FEE,))
    assert said == ["say_wishes_noted", "say_report_what_to_change"]


async def test_a_wish_is_named_only_once() -> None:
    chat = talk(**KNOWN)
    await chat.says("碎了，另外运费多少", "report_damage", wishes=(FEE,))
    said = await chat.says("收件人", "provide_info", ("role", "receiver"))
    assert said == ["say_report_ask_description"]
    assert chat.remembered == ["ask_fee"]


@pytest.mark.parametrize(
    ("text", "intent", "first"),
    [
        ("确认提交", "affirm", "say_ticket_opened"),
        ("不报了", "change_mind", "say_report_cancelled"),
    ],
)
async def test_the_next_wish_follows_however_the_first_ends(
    text: str, intent: str, first: str
) -> None:
    chat = ready()
    assert await chat.says(text, intent) == [first, "say_next_wish", "say_faq"]
    assert chat.ran == ["report_form", "action_next_wish", "action_answer"]
    assert await chat.says("不用了", "deny") == ["say_declined"]


async def test_a_person_takes_over_all_wishes() -> None:
    chat = ready().will_answer("handoff", QUEUED)
    assert await chat.says("转人工", "talk_to_human") == ["say_handed_off"]
    assert chat.remembered == []


async def test_a_person_who_is_asked_for_beside_something_else_comes_first() -> None:
    person = wish("给我转人工", "talk_to_human")
    chat = talk().will_answer("handoff", QUEUED)
    assert await chat.says("碎了，给我转人工", "report_damage", wishes=(person,)) == [
        "say_handed_off"
    ]
    assert (chat.form, chat.remembered) == (None, [])
    middle = ready().will_answer("handoff", QUEUED)
    assert await middle.says("运费多少，给我转人工", "ask_fee", wishes=(person,)) == [
        "say_handed_off"
    ]
    assert (middle.form, middle.slots["kind"]) == (None, None)


async def test_a_wish_noted_in_the_middle_of_a_form_waits_for_its_end() -> None:
    chat = ready(next_wishes=None, description=None, requested_slot="description")
    said = await chat.says("碗碎了，另外运费多少", "report_damage", wishes=(FEE,))
    assert said == ["say_wishes_noted", "say_report_confirm"]
    assert chat.slots["description"] == "碗碎了"
    assert (await chat.says("确认", "affirm"))[-1] == "say_faq"


async def test_what_the_report_in_the_making_covers_is_no_further_wish() -> None:
    chat = ready(next_wishes=None, description=None, requested_slot="description")
    covered = wish("快递员还骂人", "complain_service", covered_by=["report_damage"])
    said = await chat.says("碗碎了，快递员还骂人", "report_damage", wishes=(covered,))
    assert said == ["say_report_confirm"]
    assert chat.remembered == []


async def test_a_wish_that_was_asked_again_meanwhile_is_not_answered_twice() -> None:
    chat = ready()
    assert (await chat.says("运费到底多少", "ask_fee"))[0] == "say_faq"
    assert chat.remembered == []
    assert await chat.says("确认", "affirm") == ["say_ticket_opened"]


async def test_a_wish_that_was_asked_again_in_vain_is_kept() -> None:
    kept = Wish("track_parcel", "到哪了").as_slot() | {"message_id": "m0", "noted": True}
    chat = ready(waybill_no=None, next_wishes=[kept], requested_slot="waybill_no")
    assert await chat.says("到哪了呀", "track_parcel") == ["say_ask_waybill_again"]
    assert chat.remembered == ["track_parcel"]


async def test_a_question_outside_a_form_is_answered_before_the_next_wish() -> None:
    chat = talk()
    said = await chat.says("有问题，另外运费多少", "report_problem", wishes=(FEE,))
    assert said == ["say_ask_kind", "say_wishes_noted"]
    said = await chat.says("丢件了", "report_lost")
    assert said == ["say_report_ask_waybill"]
    assert chat.remembered == ["ask_fee"]
    assert (await chat.says("算了", "change_mind"))[-1] == "say_faq"


async def test_when_the_bot_gives_up_the_wish_waits_for_the_answer_about_a_person() -> None:
    chat = talk(**KNOWN)
    await chat.says("碎了，另外运费多少", "report_damage", wishes=(FEE,))
    await chat.says("额", "nlu_fallback")
    assert await chat.says("额", "nlu_fallback") == ["say_offer_person"]
    assert chat.remembered == ["ask_fee"]
    assert await chat.says("不用了", "deny") == ["say_declined", "say_next_wish", "say_faq"]


async def test_who_says_good_bye_wants_nothing_more() -> None:
    chat = talk().will_answer("track", track("need_phone_tail"))
    await chat.says(f"{SF}到哪了，另外运费多少", "track_parcel", ("waybill_no", SF), wishes=(FEE,))
    assert chat.remembered == ["ask_fee"]
    assert await chat.says("没事了拜拜", "goodbye") == ["utter_goodbye"]
    assert chat.remembered == []


async def test_a_message_understood_only_in_its_parts_is_no_riddle() -> None:
    chat = talk()
    parts = (wish("运费多少", "ask_fee"), SENDABLE)
    said = await chat.says("那啥，运费多少，能寄酒吗", "nlu_fallback", wishes=parts)
    assert said == ["say_faq", "say_next_wish", "say_faq"]


async def test_an_empty_yes_gives_way_to_the_wish_beside_it() -> None:
    chat = talk()
    await chat.says("能寄酒吗", "ask_sendable")
    chat.slots["offer"] = None
    assert await chat.says("好的，另外运费多少", "affirm", wishes=(FEE,)) == ["say_faq"]


async def test_two_reports_about_two_parcels() -> None:
    chat = talk()
    late = wish(f"{YT}没到", "report_delay", other_parcel=True)
    numbers = (("waybill_no", SF), ("waybill_no", YT))
    await chat.says(f"{SF}破了，{YT}没到", "report_damage", *numbers, wishes=(late,))
    assert chat.slots["waybill_no"] == SF
    said = await chat.says("不报了", "change_mind")
    assert said[:2] == ["say_report_cancelled", "say_next_wish"]
    assert (chat.slots["kind"], chat.slots["waybill_no"]) == ("delay", YT)
    assert chat.form == "report_form"


async def test_one_is_broken_and_one_has_not_come() -> None:
    chat = talk(**KNOWN)
    late = wish("一个没到", "report_delay", other_parcel=True)
    await chat.says("一个破了一个没到", "report_damage", wishes=(late,))
    assert chat.slots["waybill_no"] == SF
    said = await chat.says("不报了", "change_mind")
    assert said == ["say_report_cancelled", "say_next_wish", "say_report_ask_waybill"]
    await chat.says(YT, "provide_info", ("waybill_no", YT))
    assert (chat.slots["kind"], chat.slots["waybill_no"]) == ("delay", YT)


async def test_the_same_trouble_with_three_parcels_is_three_reports() -> None:
    chat = talk(proofs={SF: "refused", YT: "refused", JT: "refused"})
    numbers = [("waybill_no", each) for each in (SF, YT, JT)]
    said = await chat.says(f"{SF}、{YT}和{JT}都破了", "report_damage", *numbers)
    assert "say_wishes_noted" in said
    assert chat.variable("say_wishes_noted", "wishes").count("「") == 2
    seen = [chat.slots["waybill_no"]]
    for _ in range(2):
        await chat.says("不报了", "change_mind")
        seen.append(chat.slots["waybill_no"])
        assert chat.slots["kind"] == "damage"
    assert seen == [SF, YT, JT]
    assert await chat.says("不报了", "change_mind") == ["say_report_cancelled"]


async def test_several_parcels_are_still_tracked_together() -> None:
    chat = talk(proofs={SF: "refused", YT: "refused"})
    numbers = (("waybill_no", SF), ("waybill_no", YT))
    chat.will_answer("track", found(SF, full=False), found(YT, full=False))
    assert await chat.says(f"{SF} {YT}到哪了", "track_parcel", *numbers) == ["say_track_city"] * 2
    assert chat.remembered == []


async def test_two_further_wishes_are_kept_at_most() -> None:
    chat = talk(**KNOWN)
    await chat.says("碎了，另外运费多少，能寄酒吗", "report_damage", wishes=(FEE, SENDABLE))
    hours = wish("几点关门", "station_hours")
    await chat.says("收件人，几点关门", "provide_info", ("role", "receiver"), wishes=(hours,))
    assert chat.remembered == ["ask_fee", "ask_sendable"]


async def test_a_turn_that_is_played_again_says_and_remembers_the_same() -> None:
    first = ready()
    again = deepcopy(first)
    assert await first.says("确认", "affirm") == await again.says("确认", "affirm")
    assert first.slots == again.slots


async def test_a_later_message_is_not_taken_for_the_wish_of_an_earlier_one() -> None:
    chat = ready()
    await chat.says("确认", "affirm")
    await chat.says("碎了", "report_damage")
    assert chat.slots["kind"] == "damage"
    assert chat.slots["words"] == ["碎了"]


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("另外那个什么时候到", "什么时候到"),
        ("还有，顺便问一下运费多少", "运费多少"),
        ("对了", "对了"),
        (
            "帮我看一下我上个礼拜寄到新疆的那个快递现在到底在哪里了",
            "帮我看一下我上个礼拜寄到新疆的那个快递现…",
        ),
    ],
)
def test_a_wish_is_named_in_the_customers_words(text: str, quote: str) -> None:
    assert quoted(Wish("ask_fee", text)) == quote


def test_every_wish_goes_where_its_message_would_go() -> None:
    table = yaml.safe_load((TOP / "nlu_data/lookups/wishes.yml").read_text(encoding="utf-8"))
    for intent in table["actionable"]:
        turn = Turn("c", "m", "", intent, (), (), {}, None, ())
        if intent in {"courier_contact", "talk_to_human"} or action_for(turn) != "action_answer":
            assert action_for(turn) == rules()[intent], intent
        else:
            assert rules()[intent] == "action_answer", intent


async def test_data_with_a_wish_outside_a_form_are_data_for_the_wish() -> None:
    chat = talk()
    text = f"催一下{SF} 尾号6789"
    given = (("waybill_no", SF), ("phone_tail", "6789"))
    urge = wish(f"催一下{SF}", "urge_delivery", covered_by=["urge_delivery"])
    said = await chat.says(text, "provide_info", *given, wishes=(urge,))
    assert said == ["say_report_begin", "say_report_ask_role"]
    assert (chat.slots["kind"], chat.slots["waybill_no"]) == ("urge", SF)
    assert chat.bodies("track")[-1]["phone_tail"] == "6789"


async def test_the_wish_about_a_second_parcel_is_named_with_its_number_whole() -> None:
    chat = talk(proofs={SF: "refused", YT: "refused"})
    numbers = (("waybill_no", SF), ("waybill_no", YT))
    await chat.says(f"催一下{SF}和{YT}", "urge_delivery", *numbers)
    assert chat.variable("say_wishes_noted", "wishes") == f"「催一下 {YT}」"
