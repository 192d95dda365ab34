"""What a customer tells in free words stays whole; it is read back without needless parts."""

import pytest

from tests.actions.stage import SF, card, found
from tests.actions.talk import Talk, wish

ADDRESS = "青岛市市南区香港中路60号"


def asked(kind: str, slot: str, **slots: object) -> Talk:
    """A report of this kind that has asked for a slot; everything before it is known."""
    known = {"kind": kind, "waybill_no": SF, "proofs": {SF: "shown"}, "role": "receiver"}
    return Talk(form="report_form", slots={**known, "requested_slot": slot, "asked": {}, **slots})


async def test_a_part_of_an_answer_in_free_words_is_no_wish() -> None:
    talk = asked("compensation", "description")
    part = wish("没保价", "ask_insured", covered_by=["ask_insured"])
    said = await talk.says("音箱摔裂了 没保价", "claim_compensation", wishes=(part,))
    assert said == ["say_report_confirm"]
    assert talk.slots["description"] == "音箱摔裂了 没保价"
    assert talk.remembered == []


@pytest.mark.parametrize("part", ["运费怎么算", "另外开张发票"])
async def test_what_asks_or_adds_is_a_wish_all_the_same(part: str) -> None:
    talk = asked("damage", "description")
    further = wish(part, "ask_fee", covered_by=["ask_fee"])
    said = await talk.says(f"杯子碎了 {part}", "report_damage", wishes=(further,))
    assert "say_wishes_noted" in said
    assert talk.slots["description"] == "杯子碎了"


async def test_a_person_is_to_be_had_there_too() -> None:
    talk = asked("damage", "description").will_answer(
        "handoff", {"outcome": "queued", "position": 1, "told": "您排在第 1 位。"}
    )
    further = wish("转人工", "talk_to_human", covered_by=["talk_to_human"])
    assert await talk.says("说不清 转人工", "report_damage", wishes=(further,)) == [
        "say_handed_off"
    ]


async def test_the_wish_said_again_with_the_yes_is_not_taken_up_again() -> None:
    talk = asked("interception", "confirmed")
    talk.will_answer("tickets", {"outcome": "opened", "ticket": card()})
    again = wish("拦吧", "intercept_or_return_parcel", covered_by=["intercept_or_return_parcel"])
    assert await talk.says("拦吧 确认", "affirm", wishes=(again,)) == ["say_ticket_opened"]


@pytest.mark.parametrize("text", ["好 拦", "拦吧", "就这样", "就这么办"])
async def test_a_few_words_are_a_yes_to_the_summary(text: str) -> None:
    talk = asked("interception", "confirmed")
    talk.will_answer("tickets", {"outcome": "opened", "ticket": card()})
    intent = "goodbye" if text.startswith("就") else "intercept_or_return_parcel"
    assert await talk.says(text, intent) == ["say_ticket_opened"]


@pytest.mark.parametrize(
    ("text", "intent"), [("拦截要多久", "intercept_or_return_parcel"), ("没别的了", "goodbye")]
)
async def test_other_words_are_none(text: str, intent: str) -> None:
    talk = asked("interception", "confirmed")
    assert "say_ticket_opened" not in await talk.says(text, intent)


@pytest.mark.parametrize(
    ("text", "story"),
    [
        (f"{SF} 尾号4321 箱子压扁了 里面六个碗碎了四个", "箱子压扁了，里面六个碗碎了四个"),
        (f"{SF}里面六个碗碎了四个手机后四位是4321", "里面六个碗碎了四个"),
        (f"尾号4321，{SF}，玻璃杯碎了1,280.00元", "玻璃杯碎了1,280.00元"),
    ],
)
async def test_numbers_are_not_part_of_the_story(text: str, story: str) -> None:
    talk = Talk().will_answer("track", found())
    given = (("waybill_no", SF), ("phone_tail", "4321"))
    await talk.says(text, "report_damage", *given)
    assert talk.slots["description"] == story


async def test_a_number_inside_a_sentence_stays_in_it() -> None:
    talk = Talk()
    await talk.says(f"昨天送来的{SF}里面杯子碎了三个", "report_damage", ("waybill_no", SF))
    assert talk.slots["description"] == f"昨天送来的{SF}里面杯子碎了三个"


async def test_a_new_time_is_read_back_with_its_date() -> None:
    talk = asked("reschedule", "description")
    await talk.says("后天再给我送", "reschedule_delivery", ("time", "后天"))
    assert talk.slots["description"] == talk.slots["details"]["time"]


async def test_a_new_number_is_read_back_without_the_word_that_leads_to_it() -> None:
    talk = asked("address_change", "description")
    await talk.says("改成13800138025", "change_address", ("phone", "13800138025"))
    assert talk.slots["description"] == "13800138025"


async def test_goods_are_noted_as_they_are_told() -> None:
    talk = asked(
        "pickup", "item", details={"address": ADDRESS, "time": "明天", "phone": "13800138025"}
    )
    await talk.says("两本书 一斤多", "provide_info", ("item", "书"))
    assert talk.slots["details"]["item"] == "两本书 一斤多"


async def test_a_time_already_told_can_be_corrected_at_any_question() -> None:
    talk = asked("pickup", "phone", details={"address": ADDRESS, "time": "今天下午"})
    text = "时间错了 改成后天上午"
    assert await talk.says(text, "reschedule_delivery", ("time", "后天上午")) == [
        "say_pickup_ask_phone"
    ]
    assert talk.slots["details"]["time"] == "后天上午"


@pytest.mark.parametrize("text", ["收件", "寄件"])
async def test_the_bare_name_of_a_side_is_an_answer(text: str) -> None:
    talk = asked("urge", "role", role=None)
    assert await talk.says(text, "schedule_pickup") == ["say_report_confirm"]


async def test_the_side_is_asked_once_for_a_parcel() -> None:
    talk = asked("urge", "role", role=None)
    talk.will_answer("tickets", {"outcome": "opened", "ticket": card()})
    await talk.says("我是收件人", "provide_info", ("role", "receiver"))
    await talk.says("确认提交", "affirm")
    assert await talk.says("再催一遍", "urge_delivery") == ["say_report_confirm"]
    assert talk.slots["role"] == "receiver"


async def test_an_address_told_too_early_is_not_asked_for_again() -> None:
    talk = asked("address_change", "role", role=None)
    early = await talk.says(f"送到{ADDRESS}", "provide_info", ("address", ADDRESS))
    assert "say_report_ask_role_again" in early
    assert talk.slots["description"] == f"送到{ADDRESS}"
    assert await talk.says("收件人", "provide_info", ("role", "receiver")) == ["say_report_confirm"]
