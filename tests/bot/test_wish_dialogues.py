"""Whole conversations about wishes and facts, with the trained model and the real action server."""

from __future__ import annotations

import pytest

from tests.bot.customer import Customer

SF, YT = "SF1234567890123", "YT1234567890123"
ADDRESS = "浙江省杭州市西湖区文三路1号"


@pytest.mark.parametrize(
    ("opening", "answers", "kind"),
    [
        ("我要改地址", ["收件人", ADDRESS], "address_change"),
        ("改个时间送", ["明天下午三点以后"], "reschedule"),
        ("帮我拦截快递", ["寄件人"], "interception"),
        ("我要退换货", ["鞋子小了想换大一码"], "return_exchange"),
        ("我要理赔", ["收件人", "电视屏幕碎了，花了一千二百八"], "compensation"),
        ("请派件员联系我", ["收件人"], "urge"),
        ("我要向邮政局申诉", ["收件人", "约了三次都没有人送来"], "complaint"),
    ],
)
async def test_every_wish_about_a_parcel_becomes_a_ticket(
    customer: Customer, opening: str, answers: list[str], kind: str
) -> None:
    heard = await customer.says(opening, SF, "6789", *answers)
    assert "确认提交" in heard.buttons
    filed = await customer.says("确认提交")
    assert filed.cards[0]["type"] == "ticket"
    assert [report["kind"] for report in customer.asked_of_ticketing("tickets")] == [kind]


async def test_a_threat_makes_the_complaint_urgent(customer: Customer) -> None:
    heard = await customer.says("我要向邮政局申诉")
    assert "12305" in heard.text
    await customer.says(SF, "6789", "收件人", "约了三次都没有人送来", "确认提交")
    assert customer.asked_of_ticketing("tickets")[0]["urgent"] is True


async def test_a_pickup_needs_no_parcel(customer: Customer) -> None:
    heard = await customer.says("预约上门取件", ADDRESS, "明天下午", "13800138000", "两本书")
    assert ADDRESS in heard.text
    assert heard.buttons == ["确认提交", "修改", "先不办了"]
    await customer.says("确认提交")
    report = customer.asked_of_ticketing("tickets")[0]
    assert report["kind"] == "pickup"
    assert report["details"].keys() == {"address", "time", "phone", "item"}
    assert "waybill_no" not in report


async def test_a_question_about_pickups_offers_one(customer: Customer) -> None:
    heard = await customer.says("上门取件要钱吗")
    assert heard.form is None
    assert "预约上门取件" in heard.buttons
    assert (await customer.says("好的")).form == "report_form"


async def test_an_invoice_is_offered_and_filed(customer: Customer) -> None:
    heard = await customer.says("怎么开发票")
    assert "帮我登记开发票" in heard.buttons
    await customer.says("帮我登记开发票", "抬头杭州某某公司，邮箱a@b.cn", "确认提交")
    assert customer.asked_of_ticketing("tickets")[0]["kind"] == "invoice"


async def test_a_cancelled_order_leads_to_an_interception(customer: Customer) -> None:
    heard = await customer.says("怎么取消订单")
    assert "运单号" in heard.text
    await customer.says(SF, "6789", "寄件人", "确认提交")
    assert customer.asked_of_ticketing("tickets")[0]["kind"] == "interception"


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("充电宝能寄吗", "充电宝"),
        ("运费怎么算", "距离"),
        ("保价怎么算", "声明"),
        ("驿站几点关门", "驿站"),
        ("我这里送不送", "乡镇"),
        ("可以货到付款吗", "商家"),
        ("用哪家快递发", "快递"),
        ("什么时候能到", "运单号"),
        ("取件码在哪看", "短信"),
        ("照片发哪里", "直接发在这里"),
    ],
)
async def test_a_fact_is_told(customer: Customer, question: str, word: str) -> None:
    heard = await customer.says(question)
    assert word in heard.text
    assert heard.form is None
    assert len(heard.body["messages"]) == 1


async def test_when_it_arrives_is_looked_up_for_a_known_parcel(customer: Customer) -> None:
    await customer.says(f"{SF}到哪了", "6789")
    assert "11月23日" in (await customer.says("什么时候能到")).text


async def test_the_courier_is_found_by_the_carriers_name(customer: Customer) -> None:
    await customer.says("快递员电话多少")
    assert "95338" in (await customer.says("顺丰")).text


async def test_facts_and_parcels_are_told_inside_a_report(customer: Customer) -> None:
    await customer.says("东西破损了", SF, "6789")
    for question, word in [("保价怎么算", "声明"), ("几点能到", "11月23日")]:
        heard = await customer.says(question)
        assert word in heard.text
        assert heard.form == "report_form"
        assert heard.buttons == ["我是收件人", "我是寄件人"]


async def test_a_wish_sets_a_report_aside_and_it_is_taken_up_again(customer: Customer) -> None:
    await customer.says("东西破损了", SF, "6789", "我是收件人")
    assert "破损" in (await customer.says("预约上门取件")).text
    heard = await customer.says("先不办了")
    assert heard.buttons == ["接着办", "不用了"]
    assert (await customer.says("接着办")).form == "report_form"


async def test_a_wrong_address_is_corrected(customer: Customer) -> None:
    await customer.says("我要改地址", SF, "6789", "收件人", ADDRESS)
    heard = await customer.says("地址写错了，应该是杭州市滨江区江南大道9号")
    assert "江南大道9号" in heard.text
    assert "文三路" not in heard.text


async def test_a_complaint_is_withdrawn_after_one_question(customer: Customer) -> None:
    await customer.says("催一下", SF, "6789", "我是寄件人", "确认提交")
    assert "确认撤销" in (await customer.says("撤销投诉")).buttons
    assert customer.asked_of_ticketing("ticket-withdrawals") == []
    assert "已撤销" in (await customer.says("确认撤销")).text


async def test_proof_is_noted_on_the_ticket(customer: Customer) -> None:
    await customer.says("催一下", SF, "6789", "我是寄件人", "确认提交")
    await customer.says("我拍了开箱视频")
    assert customer.asked_of_ticketing("ticket-evidence")[0]["words"] == ["我拍了开箱视频"]


async def test_only_a_carriers_name_is_asked_about(customer: Customer) -> None:
    heard = await customer.says("顺丰")
    assert heard.buttons == ["查顺丰快递", "顺丰快递员电话多少", "转人工"]


async def test_nothing_more_closes_friendly(customer: Customer) -> None:
    heard = await customer.says("运费怎么算", "没有了")
    assert heard.form is None
    assert heard.body["messages"][0]["text"].startswith("好的")
