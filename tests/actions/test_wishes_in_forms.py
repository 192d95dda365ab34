"""The kinds that are wishes: each from the first word to the ticket."""

from typing import Any

import pytest

from actions.reporting import ValidateReportForm
from tests.actions.stage import SF, YT, Stage, card, found

OPENED = {"outcome": "opened", "ticket": card()}
ADDRESS = "杭州市西湖区文三路1号"
Message = tuple[Any, ...]
SHOWN: dict[str, Any] = {"waybill_no": SF, "proofs": {SF: "shown"}}


async def told(stage: Stage, turns: list[tuple[Message, str]]) -> None:
    """Play the form; each message is answered with this response at last."""
    for message, last in turns:
        assert (await stage.play(ValidateReportForm, *message))[-1] == last


def summary(stage: Stage) -> str:
    """The summary of the last answer."""
    return str(stage.responses[-1]["summary"])


async def test_a_new_address_is_asked_for_and_filed_as_a_detail() -> None:
    stage = Stage(slots={**SHOWN}).will_answer("tickets", OPENED)
    turns: list[tuple[Message, str]] = [
        (("我要改地址", "change_address"), "say_report_ask_role"),
        (("收件人", "provide_info", ("role", "receiver")), "say_report_ask_description"),
        ((ADDRESS, "provide_info", ("address", ADDRESS)), "say_report_confirm"),
    ]
    await told(stage, turns)
    assert f"改成：{ADDRESS}" in summary(stage)
    await told(stage, [(("确认提交", "affirm"), "say_ticket_opened")])
    body = stage.bodies("tickets")[0]
    assert body["kind"] == "address_change"
    assert body["details"] == {"address": ADDRESS}
    assert "urgent" not in body


async def test_an_address_in_the_first_message_is_not_asked_for() -> None:
    stage = Stage(slots={**SHOWN})
    text = f"帮我改地址到{ADDRESS}，我是收件人"
    await stage.play(
        ValidateReportForm, text, "change_address", ("address", ADDRESS), ("role", "receiver")
    )
    assert stage.slots["requested_slot"] == "confirmed"


async def test_the_name_of_a_city_is_no_address() -> None:
    stage = Stage(slots={**SHOWN, "role": None})
    await stage.play(ValidateReportForm, "改到杭州去", "change_address", ("address", "杭州"))
    assert stage.slots["description"] is None


async def test_a_new_phone_number_proves_no_parcel() -> None:
    stage = Stage()
    text, phone = f"{SF}电话改成13800138000", ("phone", "13800138000")
    await stage.play(ValidateReportForm, text, "change_address", ("waybill_no", SF), phone)
    assert stage.slots["requested_slot"] == "phone_tail"
    assert stage.slots["details"] == {"phone": "13800138000"}
    assert stage.calls == []


@pytest.mark.parametrize("entities", [[("address", "北京市朝阳区建国路9号")], []])
async def test_a_wrong_address_is_corrected_in_the_address_form(
    entities: list[tuple[str, str]],
) -> None:
    slots = {"kind": "address_change", "role": "receiver", "description": ADDRESS}
    stage = Stage(slots={**SHOWN, **slots, "requested_slot": "confirmed"})
    text = "地址写错了，应该是北京市朝阳区建国路9号"
    said = await stage.play(ValidateReportForm, text, "correct_info", *entities)
    assert said == ["say_report_confirm"]
    assert stage.slots["details"]["address"] == "北京市朝阳区建国路9号"
    assert "建国路9号" in summary(stage)


async def test_the_same_wish_in_other_words_replaces_the_first_one() -> None:
    slots = {"kind": "address_change", "role": "receiver", "description": ADDRESS}
    stage = Stage(slots={**SHOWN, **slots, "requested_slot": "confirmed"})
    await stage.play(ValidateReportForm, "还是送到公司前台吧", "change_address")
    assert stage.slots["description"] == "还是送到公司前台吧"


async def test_a_house_number_is_no_day_of_the_month() -> None:
    stage = Stage(slots={"kind": "pickup", "requested_slot": "address"})
    text, time = "西湖区文三路1号3单元", ("time", "1号")
    await stage.play(ValidateReportForm, text, "provide_info", ("address", text), time)
    assert stage.slots["details"] == {"address": text}


async def test_a_wish_that_began_with_a_bare_number_is_described_by_its_name() -> None:
    stage = Stage(slots={"beginning": {"message_id": "m1", "kind": "interception"}})
    stage.will_answer("track", found()).will_answer("tickets", OPENED)
    turns: list[tuple[Message, str]] = [
        ((SF, "provide_info", ("waybill_no", SF)), "say_report_ask_digits"),
        (("6789", "provide_info", ("phone_tail", "6789")), "say_report_ask_role"),
        (("寄件人", "provide_info", ("role", "sender")), "say_report_confirm"),
        (("确认提交", "affirm"), "say_ticket_opened"),
    ]
    await told(stage, turns)
    assert stage.bodies("tickets")[0]["description"] == "拦截退回"
    assert stage.bodies("tickets")[0]["words"] == []


async def test_a_button_takes_the_new_address_out_again() -> None:
    slots = {"kind": "address_change", "role": "receiver", "description": ADDRESS}
    stage = Stage(slots={**SHOWN, **slots, "requested_slot": "confirmed"})
    await stage.play(ValidateReportForm, "修改", "correct_info")
    titles = [button["title"] for button in stage.responses[0]["buttons"]]
    assert titles == ["改单号", "改身份", "新地址写错了", "先不办了"]
    await stage.play(ValidateReportForm, "新地址写错了", "correct_info")
    assert stage.slots["requested_slot"] == "description"


async def test_a_time_is_told_with_the_date_it_means() -> None:
    stage = Stage(slots={**SHOWN}).will_answer("tickets", OPENED)
    await stage.play(ValidateReportForm, "改个时间送", "reschedule_delivery")
    assert stage.slots["requested_slot"] == "description"
    time = ("time", "2026-11-23T15:00/2026-11-23T18:00")
    await told(stage, [(("明天下午三点以后", "provide_info", time), "say_report_confirm")])
    await told(stage, [(("提交", "affirm"), "say_ticket_opened")])
    assert stage.bodies("tickets")[0]["details"]["time"].startswith("11月23日 15:00")


async def test_who_cannot_name_a_time_is_asked_again_and_then_offered_a_person() -> None:
    slots = {**SHOWN, "kind": "reschedule", "requested_slot": "description", "asked": {}}
    stage = Stage(slots=slots)
    first = await stage.play(ValidateReportForm, "不知道", "cannot_provide")
    assert first == ["say_report_ask_description_again"]
    assert await stage.play(ValidateReportForm, "不知道", "cannot_provide") == ["say_offer_person"]


async def test_an_interception_needs_no_description() -> None:
    stage = Stage(slots={**SHOWN})
    await stage.play(
        ValidateReportForm, "帮我拦截", "intercept_or_return_parcel", ("role", "sender")
    )
    assert stage.slots["requested_slot"] == "confirmed"
    assert stage.responses[-1]["note"].endswith("\n")


async def test_what_is_wanted_back_is_asked_with_the_kinds_own_question() -> None:
    stage = Stage(slots={**SHOWN})
    said = await stage.play(ValidateReportForm, "我要退货", "request_return_exchange")
    assert said[-1] == "say_report_ask_description"
    assert "退货、换货还是退款" in stage.responses[-1]["question"]


async def test_the_amount_goes_with_a_claim() -> None:
    stage = Stage(slots={**SHOWN})
    text = "手机屏幕摔碎了，要求赔偿128.5元"
    amount = ("amount", "128.50")
    await stage.play(ValidateReportForm, text, "claim_compensation", amount, ("role", "receiver"))
    assert "金额（元）：128.50" in summary(stage)


async def test_a_pickup_asks_only_for_what_is_missing() -> None:
    stage = Stage(slots={"waybill_no": SF}).will_answer("tickets", OPENED)
    turns: list[tuple[Message, str]] = [
        (
            ("明天上午来取两本书", "schedule_pickup", ("time", "明天上午"), ("item", "书")),
            "say_pickup_ask_address",
        ),
        ((ADDRESS, "provide_info", ("address", ADDRESS)), "say_pickup_ask_phone"),
        (("13800138000", "provide_info", ("phone", "13800138000")), "say_report_confirm"),
        (("确认提交", "affirm"), "say_ticket_opened"),
    ]
    await told(stage, turns)
    body = stage.bodies("tickets")[0]
    assert body["details"] == {
        "time": "明天上午",
        "item": "书",
        "address": ADDRESS,
        "phone": "13800138000",
    }
    assert body["contact_phone"] == "13800138000"
    assert "waybill_no" not in body
    assert stage.slots["waybill_no"] == SF


async def test_parts_are_taken_in_any_words_that_answer() -> None:
    stage = Stage()
    turns: list[tuple[Message, str]] = [
        (("预约上门取件", "schedule_pickup"), "say_pickup_ask_address"),
        (("滨江小区3栋502", "nlu_fallback"), "say_pickup_ask_time"),
        (("下班以后", "nlu_fallback"), "say_pickup_ask_phone"),
        (("没有手机", "nlu_fallback"), "say_pickup_ask_phone_again"),
        (("0571-88886666", "nlu_fallback"), "say_pickup_ask_item"),
        (("一箱苹果", "nlu_fallback"), "say_report_confirm"),
    ]
    await told(stage, turns)
    assert "取件地址：滨江小区3栋502" in summary(stage)


@pytest.mark.parametrize("slot", ["address", "time", "phone", "item"])
async def test_a_part_is_asked_twice_and_then_a_person_is_offered(slot: str) -> None:
    stage = Stage(slots={"kind": "pickup", "requested_slot": slot, "asked": {}})
    first = await stage.play(ValidateReportForm, "不知道", "cannot_provide")
    assert first == [f"say_pickup_ask_{slot}_again"]
    assert await stage.play(ValidateReportForm, "不知道", "cannot_provide") == ["say_offer_person"]


async def test_a_time_in_the_past_is_not_when_to_come() -> None:
    stage = Stage()
    text = "昨天就下单了没人来取"
    await stage.play(ValidateReportForm, text, "schedule_pickup", ("time", "昨天"))
    assert stage.slots["details"] == {}


@pytest.mark.parametrize(
    ("text", "entity", "part", "value"),
    [
        ("时间改成后天", ("time", "后天"), "time", "后天"),
        ("电话写错了，应该是13900139000", ("phone", "13900139000"), "phone", "13900139000"),
        ("东西不对，应该是三件衣服", None, "item", "三件衣服"),
    ],
)
async def test_a_part_of_a_pickup_is_corrected(
    text: str, entity: tuple[str, str] | None, part: str, value: str
) -> None:
    details = {"address": ADDRESS, "time": "明天", "phone": "13800138000", "item": "书"}
    stage = Stage(slots={"kind": "pickup", "details": details, "requested_slot": "confirmed"})
    entities = [entity] if entity else []
    said = await stage.play(ValidateReportForm, text, "correct_info", *entities)
    assert said == ["say_report_confirm"]
    assert stage.slots["details"] == {**details, part: value}


async def test_an_invoice_may_go_without_a_parcel() -> None:
    stage = Stage(slots={"beginning": {"message_id": "m1", "kind": "invoice"}})
    stage.will_answer("tickets", OPENED)
    turns: list[tuple[Message, str]] = [
        (("帮我登记开发票", "ask_invoice"), "say_report_ask_description"),
        (("抬头某某公司，邮箱a@b.cn", "nlu_fallback"), "say_report_confirm"),
        (("确认提交", "affirm"), "say_ticket_opened"),
    ]
    await told(stage, turns)
    assert stage.bodies("tickets")[0]["kind"] == "invoice"
    assert "waybill_no" not in stage.bodies("tickets")[0]


async def test_another_number_in_a_wish_is_a_correction_too() -> None:
    slots = {"kind": "interception", "role": "sender", "requested_slot": "confirmed"}
    stage = Stage(slots={**SHOWN, **slots}).will_answer("track", found(YT))
    said = await stage.play(ValidateReportForm, f"是{YT}", "correct_info", ("waybill_no", YT))
    assert said == ["say_report_waybill_changed", "say_report_ask_digits"]
