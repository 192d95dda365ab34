"""Whole conversations with the trained model and the real action server."""

from __future__ import annotations

import pytest

from tests.bot.customer import Customer

SF, YT, JT = "SF1234567890123", "YT1234567890123", "JT1234567890123"


async def test_a_parcel_is_told_in_full_once_the_digits_are_shown(customer: Customer) -> None:
    first = await customer.says(f"我的快递{SF}到哪了")
    assert "杭州市" in first.text
    assert "转运中心" not in first.text
    assert first.cards == []
    second = await customer.says("6789")
    assert "11月22日 14:05 杭州市转运中心" in second.text
    assert len(second.body["messages"]) == 1
    assert second.cards[0]["type"] == "parcel"
    assert second.buttons == ["催一下", "报问题", "转人工"]
    assert second.form is None


async def test_the_digits_are_asked_once_per_parcel(customer: Customer) -> None:
    await customer.says(f"{SF}到哪了", "6789")
    again = await customer.says("现在到哪了")
    assert again.cards[0]["waybill_no"] == SF
    assert again.form is None


async def test_a_bare_number_means_where_is_it(customer: Customer) -> None:
    heard = await customer.says("yt 1234-5678-90123")
    assert customer.asked_of_ticketing("track")[0]["waybill_no"] == YT
    assert "成都市" in heard.text


async def test_digits_in_the_same_message_are_used(customer: Customer) -> None:
    heard = await customer.says(f"查一下{SF} 手机尾号6789")
    assert heard.cards[0]["events"]


async def test_two_parcels_in_one_message_are_both_told(customer: Customer) -> None:
    both = await customer.says(f"帮我查两个单 {SF} 和 {YT}")
    assert "杭州市" in both.text
    assert "成都市" in both.text
    assert SF in both.text.splitlines()[-1]
    next_one = await customer.says("6789")
    assert next_one.cards[0]["waybill_no"] == SF
    assert YT in next_one.text.splitlines()[-1]
    last = await customer.says("1122")
    assert last.cards[0]["waybill_no"] == YT
    assert last.form is None


async def test_a_second_parcel_later_in_the_conversation(customer: Customer) -> None:
    await customer.says(f"{SF}到哪了", "6789")
    heard = await customer.says(f"再查一个 {JT}")
    assert "武汉市" in heard.text
    assert (await customer.says("三三四四")).cards[0]["waybill_no"] == JT


async def test_the_number_is_asked_twice_at_most(customer: Customer) -> None:
    assert "运单号" in (await customer.says("到哪了")).text
    assert "订单" in (await customer.says("不知道单号")).text
    last = await customer.says("找不到单号")
    assert "转人工" in last.buttons
    assert last.form is None


async def test_yes_to_the_offered_person_hands_over(customer: Customer) -> None:
    await customer.says("到哪了", "不知道单号", "找不到单号", "好的")
    assert customer.standin.handed_off[customer.conversation_id] == "asked"


async def test_without_digits_it_stays_with_state_and_city(customer: Customer) -> None:
    heard = await customer.says(f"{SF}到哪了", "不方便提供")
    assert heard.form is None
    assert heard.buttons == ["报问题", "转人工"]
    again = await customer.says("到哪了")
    assert again.form is None
    assert "杭州市" in again.text


async def test_wrong_digits_are_counted_and_end_with_a_person(customer: Customer) -> None:
    await customer.says(f"{SF}到哪了")
    assert "2 次" in (await customer.says("1111")).text
    assert "1 次" in (await customer.says("2222")).text
    last = await customer.says("3333")
    assert last.form is None
    assert "转人工" in last.buttons


@pytest.mark.parametrize(
    ("number", "word"),
    [
        ("SF9999999999999", "查不到"),
        ("ABC12345678901234567", "不像"),
        ("SF0000000000003", "揽收"),
        ("SF0000000000001", "故障"),
        ("SF0000000000002", "有点慢"),
    ],
)
async def test_what_cannot_be_told_is_said(customer: Customer, number: str, word: str) -> None:
    heard = await customer.says(f"查一下{number}")
    assert word in heard.text
    assert heard.form is None


@pytest.mark.parametrize("yes", ["好的", "查到后通知我", "可以"])
async def test_a_carrier_that_is_down_leads_to_a_promise(customer: Customer, yes: str) -> None:
    heard = await customer.says("查一下SF0000000000001", yes)
    assert (customer.conversation_id, "SF0000000000001") in customer.standin.promised
    assert "SF0000000000001" in heard.text


async def test_a_carrier_that_wants_digits_gets_them(customer: Customer) -> None:
    await customer.says("ZTO123456789012到哪了")
    assert (await customer.says("尾号5566")).cards[0]["events"]


async def test_damage_becomes_a_ticket(customer: Customer) -> None:
    await customer.says(f"{SF}到哪了", "6789")
    assert (await customer.says("收到的时候杯子碎了")).buttons == ["我是收件人", "我是寄件人"]
    summary = await customer.says("我是收件人")
    assert summary.buttons == ["确认提交", "修改", "不报了"]
    assert "收到的时候杯子碎了" in summary.text
    filed = await customer.says("确认提交")
    assert "T20261122" in filed.text
    assert filed.cards[0]["type"] == "ticket"
    report = customer.asked_of_ticketing("tickets")[0]
    assert report["kind"] == "damage"
    assert report["role"] == "receiver"
    assert report["words"] == ["收到的时候杯子碎了"]
    progress = await customer.says("工单处理得怎么样了")
    assert filed.cards[0]["ticket_no"] in progress.text


async def test_the_same_report_again_joins_the_first(customer: Customer) -> None:
    await customer.says(f"{SF} 尾号6789 杯子碎了一地", "我是收件人", "确认提交")
    heard = await customer.says("杯子碎了要报破损", "我是收件人", "确认提交")
    assert "没有重复登记" in heard.text


@pytest.mark.parametrize(
    ("opening", "kind"),
    [
        ("我的快递摔坏了", "damage"),
        ("一直没到", "delay"),
        ("送错了", "misdelivery"),
        ("丢件了", "lost"),
        ("显示签收没收到", "signed_not_received"),
        ("催一下", "urge"),
        ("我要投诉", "complaint"),
    ],
)
async def test_every_kind_can_be_filed(customer: Customer, opening: str, kind: str) -> None:
    heard = await customer.says(opening, SF, "6789", "我是寄件人")
    if "确认提交" not in heard.buttons:
        heard = await customer.says("里面的东西和网点说的完全不一样")
    assert "确认提交" in heard.buttons
    await customer.says("确认提交")
    assert [report["kind"] for report in customer.asked_of_ticketing("tickets")] == [kind]


async def test_a_problem_without_a_kind_is_asked_for_it(customer: Customer) -> None:
    assert "丢件了" in (await customer.says("报问题")).buttons
    assert (await customer.says("丢件了")).form == "report_form"


async def test_a_report_can_be_given_up(customer: Customer) -> None:
    heard = await customer.says("东西破损了", SF, "不报了")
    assert heard.form is None
    assert customer.asked_of_ticketing("tickets") == []


async def test_another_number_replaces_the_first(customer: Customer) -> None:
    await customer.says("东西破损了", SF, "6789", "我是收件人", "两个碗都碎了")
    heard = await customer.says(f"不是这个单号，是{YT}")
    assert YT in heard.text
    await customer.says("1122", "确认提交")
    assert customer.asked_of_ticketing("tickets")[0]["waybill_no"] == YT


async def test_another_kind_replaces_the_first(customer: Customer) -> None:
    heard = await customer.says("快递一直没到", SF, "其实是丢件")
    assert "丢件" in heard.text
    await customer.says("6789", "我是收件人", "网点说找不到这个件了", "确认提交")
    assert customer.asked_of_ticketing("tickets")[0]["kind"] == "lost"


async def test_the_summary_can_be_mended(customer: Customer) -> None:
    await customer.says("东西破损了", SF, "6789", "我是收件人", "两个碗都碎了")
    assert "改描述" in (await customer.says("修改")).buttons
    heard = await customer.says("改描述", "是两个玻璃杯碎了")
    assert "是两个玻璃杯碎了" in heard.text
    assert "确认提交" in heard.buttons


async def test_a_parcel_question_inside_the_form_is_answered(customer: Customer) -> None:
    heard = await customer.says("东西破损了", SF, "6789", "到哪了")
    assert heard.form == "report_form"
    assert "转运中心" in heard.text
    assert heard.buttons == ["我是收件人", "我是寄件人"]
    assert len(heard.body["messages"]) == 1


@pytest.mark.parametrize("chat", ["你是机器人吗", "谢谢", "你好"])
async def test_small_talk_inside_a_form_does_not_end_it(customer: Customer, chat: str) -> None:
    heard = await customer.says("东西破损了", chat)
    assert heard.form == "report_form"
    assert "运单号" in heard.text


@pytest.mark.parametrize(
    "before", [[], ["到哪了"], [f"{SF}到哪了"], ["丢件了"], ["丢件了", SF, "6789"], ["查工单"]]
)
async def test_a_person_can_be_had_at_any_time(customer: Customer, before: list[str]) -> None:
    heard = await customer.says(*before, "转人工")
    assert customer.standin.handed_off[customer.conversation_id] == "asked"
    assert heard.form is None
    assert "第 2 位" in heard.text


async def test_a_form_that_gets_no_answer_offers_a_person(customer: Customer) -> None:
    heard = await customer.says("丢件了", "嗯嗯", "好的")
    assert heard.form is None
    assert "转人工" in heard.buttons


async def test_a_refusal_of_the_digits_is_remembered(customer: Customer) -> None:
    heard = await customer.says(f"{SF}帮我催一下", "不知道", "我是寄件人")
    assert "确认提交" in heard.buttons
    await customer.says("确认提交")
    assert "phone_tail" not in customer.asked_of_ticketing("tickets")[0]


async def test_progress_without_tickets_asks_for_a_number(customer: Customer) -> None:
    assert "工单号" in (await customer.says("查工单进度")).text
    assert "没有找到" in (await customer.says("T20991122000001")).text


async def test_the_ticket_of_another_conversation_needs_digits(customer: Customer) -> None:
    other = Customer(customer.door, customer.http, customer.standin, "somebody-else")
    await other.says(f"{SF} 尾号6789 杯子碎了一地", "我是收件人", "确认提交")
    number = customer.standin.tickets["somebody-else"][0]["ticket_no"]
    assert "后四位" in (await customer.says(f"{number}处理得怎么样了")).text
    assert number in (await customer.says("6789")).text


async def test_what_is_not_understood_is_asked_once_then_handed_over(customer: Customer) -> None:
    first = await customer.says("这个跟那个不是一回事吧")
    assert first.buttons[-1] == "转人工"
    assert len(first.buttons) >= 2
    await customer.says("上面那个不是那么回事")
    assert customer.standin.handed_off[customer.conversation_id] == "not_understood"
