"""Questions outside forms."""

import pytest

from actions.answering import ActionAnswer
from actions.clarify import ActionBesideThePoint, ActionClarify
from actions.house_action import HouseAction
from actions.loose_answers import ActionAcceptOffer, ActionDeclineOffer, ActionRouteInfo
from actions.reporting import ValidateReportForm
from tests.actions.stage import SF, Stage

WAYBILL = ("waybill_no", SF)


def buttons(stage: Stage) -> list[str]:
    """The sentences below the last answer."""
    return [button["payload"] for button in stage.responses[-1]["buttons"] or []]


async def test_a_fact_is_told_with_a_next_step() -> None:
    stage = Stage()
    assert await stage.play(ActionAnswer, "保价怎么收费", "ask_insured") == ["say_faq"]
    assert "保价费" in stage.responses[0]["answer"]
    assert "预约上门取件" in buttons(stage)
    assert stage.calls == []


@pytest.mark.parametrize(
    ("intent", "text", "kind"),
    [
        ("change_address", "我要改地址", "address_change"),
        ("reschedule_delivery", "改个时间送", "reschedule"),
        ("intercept_or_return_parcel", "帮我拦截快递", "interception"),
        ("request_return_exchange", "我要退换货", "return_exchange"),
        ("claim_compensation", "我要理赔", "compensation"),
        ("schedule_pickup", "预约上门取件", "pickup"),
        ("ask_invoice", "帮我登记开发票", "invoice"),
    ],
)
async def test_a_wish_begins_its_report(intent: str, text: str, kind: str) -> None:
    stage = Stage()
    assert await stage.play(ActionAnswer, text, intent) == []
    assert stage.followup == "report_form"
    assert stage.slots["beginning"]["kind"] == kind


async def test_a_yes_to_what_an_answer_offers_begins_it() -> None:
    stage = Stage()
    await stage.play(ActionAnswer, "上门取件要钱吗", "schedule_pickup")
    await stage.play(ActionAcceptOffer, "好的", "affirm")
    assert stage.followup == "report_form"
    said = await stage.play_again(ValidateReportForm)
    assert said == ["say_report_begin", "say_pickup_ask_address"]
    assert stage.slots["kind"] == "pickup"
    assert "好的" not in stage.slots["words"]


async def test_the_time_of_arrival_of_a_known_parcel_is_told_by_tracking() -> None:
    stage = Stage(slots={"waybill_no": SF})
    assert await stage.play(ActionAnswer, "什么时候能到", "ask_shipping_time") == []
    assert stage.followup == "track_form"


async def test_without_a_parcel_the_time_of_arrival_is_a_fact_and_a_number_is_asked() -> None:
    stage = Stage()
    assert await stage.play(ActionAnswer, "什么时候能到", "ask_shipping_time") == ["say_faq"]
    assert "运单号" in stage.responses[0]["answer"]


async def test_a_number_with_the_question_is_always_looked_at() -> None:
    stage = Stage()
    await stage.play(ActionAnswer, f"{SF}春节前能到吗", "ask_shipping_time", WAYBILL)
    assert stage.followup == "track_form"


@pytest.mark.parametrize(
    ("text", "followup"), [("取件码在哪", "track_form"), ("让邻居代取行吗", None)]
)
async def test_only_where_the_parcel_says_more_it_is_looked_at(
    text: str, followup: str | None
) -> None:
    stage = Stage(slots={"waybill_no": SF})
    await stage.play(ActionAnswer, text, "pickup_code_locker")
    assert stage.followup == followup


async def test_who_cancels_an_order_hears_what_can_be_done_and_gives_a_number() -> None:
    stage = Stage()
    await stage.play(ActionAnswer, "我要取消订单", "cancel_order")
    assert "运单号" in stage.responses[0]["answer"]
    assert "帮我拦截快递" in buttons(stage)
    await stage.play(ActionRouteInfo, SF, "provide_info", WAYBILL)
    assert stage.followup == "report_form"
    assert stage.slots["beginning"]["kind"] == "interception"


async def test_a_known_parcel_is_not_asked_for_when_an_order_is_cancelled() -> None:
    stage = Stage(slots={"waybill_no": SF})
    await stage.play(ActionAnswer, "我要取消订单", "cancel_order")
    assert "运单号" not in stage.responses[0]["answer"]


async def test_a_parcel_named_beside_a_question_is_remembered() -> None:
    stage = Stage()
    await stage.play(ActionAnswer, f"{SF}这单能开发票吗", "ask_invoice", WAYBILL)
    assert stage.slots["waybill_no"] == SF


async def test_nothing_more_after_an_answer_closes_friendly() -> None:
    stage = Stage()
    await stage.play(ActionAnswer, "驿站几点关门", "station_hours")
    assert await stage.play(ActionDeclineOffer, "没有了", "deny") == ["say_nothing_else"]
    assert await stage.play(ActionAcceptOffer, "嗯嗯", "affirm") == ["say_anything_else"]


@pytest.mark.parametrize(
    ("intent", "action"), [("out_of_scope", ActionBesideThePoint), ("nlu_fallback", ActionClarify)]
)
async def test_and_what_about_is_the_same_question_about_something_else(
    intent: str, action: type[HouseAction]
) -> None:
    stage = Stage()
    await stage.play(ActionAnswer, "充电宝能寄么", "ask_sendable")
    assert await stage.play(action, "那白酒呢", intent) == ["say_faq"]
    assert "酒" in stage.responses[0]["answer"]
    assert await stage.play(action, "那打火机呢？", intent) == ["say_faq"]
    assert "打火机" in stage.responses[0]["answer"]


@pytest.mark.parametrize("text", ["那天气呢", "股票怎么买"])
async def test_what_no_fact_speaks_of_is_no_such_question(text: str) -> None:
    stage = Stage()
    await stage.play(ActionAnswer, "充电宝能寄么", "ask_sendable")
    assert await stage.play(ActionBesideThePoint, text, "out_of_scope") == ["utter_out_of_scope"]


async def test_a_yes_to_a_mere_fact_begins_nothing() -> None:
    stage = Stage()
    await stage.play(ActionAnswer, "顺丰和京东哪个快些", "ask_carrier")
    assert await stage.play(ActionAcceptOffer, "ok", "affirm") == ["say_anything_else"]
