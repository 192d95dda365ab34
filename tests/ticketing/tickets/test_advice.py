"""What the tables advise for a ticket as it stands: what may be paid, and what to say."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from tests.ticketing.assistant_door import register_parcel
from tests.ticketing.walking import Json, step_on
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.shipments import service as shipments

WAYBILL = "YT2700000000001"
INSURED, UNINSURED = "已保价：", "未保价："
WISHES = ("urge", "address_change", "reschedule", "interception", "pickup", "invoice")
WORDS = {
    "damage": "拍三张照片",
    "delay": "最后一次扫描",
    "urge": "不说“尽快”",
    "misdelivery": "不要拆开",
    "lost": "全网查找",
    "signed_not_received": "签收凭证",
    "complaint": "不替当事人辩解",
    "address_change": "先报价",
    "reschedule": "日期和时段",
    "interception": "拦不住",
    "return_exchange": "以验货为准",
    "compensation": "购买凭证",
    "pickup": "违禁品",
    "invoice": "税号",
}
"""Something that is said about each kind and no other."""


async def opened(api: httpx.AsyncClient, agent: Json, kind: str, **more: Any) -> str:
    body = {"kind": kind, "waybill_no": WAYBILL, "description": "出了问题", **more}
    answer = await api.post("/api/tickets", json=body, headers=agent)
    assert answer.status_code == 201, answer.text
    number: str = answer.json()["ticket"]["ticket_no"]
    return number


async def advised(api: httpx.AsyncClient, agent: Json, number: str) -> Json:
    answer = await api.get(f"/api/tickets/{number}/advice", headers=agent)
    assert answer.status_code == 200, answer.text
    given: Json = answer.json()
    return given


async def usual(api: httpx.AsyncClient, agent: Json, kind: str, **details: str) -> Json:
    """Return what is usually paid for a new ticket with these details."""
    number = await opened(api, agent, kind, details=details)
    paid: Json = (await advised(api, agent, number))["compensation"]
    return paid


async def points(api: httpx.AsyncClient, agent: Json, kind: str, **more: Any) -> str:
    """Return everything that is to be said about a new ticket."""
    number = await opened(api, agent, kind, **more)
    return "\n".join((await advised(api, agent, number))["talking_points"])


@pytest.mark.parametrize(
    ("insured", "role"),
    [
        ("500", "customer_service"),
        ("501", "lead"),
        ("2000", "lead"),
        ("2001", "finance"),
    ],
)
async def test_an_insured_loss_is_paid_in_full_by_whoever_may(
    api: httpx.AsyncClient, agent: Json, insured: str, role: str
) -> None:
    paid = await usual(api, agent, "lost", insured_value=insured)
    assert (paid["amount"], paid["cap"]) == (float(insured), float(insured))
    assert paid["approval_role"] == role
    assert paid["basis"].startswith(INSURED)


async def test_no_more_is_paid_than_the_parcel_was_worth(
    api: httpx.AsyncClient, agent: Json
) -> None:
    for kind in ("lost", "signed_not_received"):
        paid = await usual(api, agent, kind, insured_value="1500", declared_value="900")
        assert (kind, paid["amount"], paid["cap"]) == (kind, 900.0, 1500.0)


async def test_of_an_insured_damage_the_part_that_was_lost_is_paid(
    api: httpx.AsyncClient, agent: Json
) -> None:
    paid = await usual(api, agent, "damage", insured_value="300", loss_ratio="0.25")
    assert (paid["amount"], paid["approval_role"]) == (75.0, "customer_service")


async def test_an_insured_damage_nobody_has_measured_has_no_amount_yet(
    api: httpx.AsyncClient, agent: Json
) -> None:
    paid = await usual(api, agent, "damage", insured_value="300")
    assert (paid["amount"], paid["cap"]) == (None, 300.0)


async def test_without_insurance_seven_times_the_fee_is_the_most(
    api: httpx.AsyncClient, agent: Json
) -> None:
    for kind in ("damage", "lost", "misdelivery", "compensation"):
        paid = await usual(api, agent, kind, fee="12", declared_value="4000", loss_ratio="1")
        assert (kind, paid["amount"], paid["cap"]) == (kind, 84.0, 84.0)
        assert paid["basis"].startswith(UNINSURED)


async def test_without_insurance_a_small_loss_is_paid_as_it_is(
    api: httpx.AsyncClient, agent: Json
) -> None:
    paid = await usual(api, agent, "damage", fee="12", declared_value="50", loss_ratio="0.5")
    assert (paid["amount"], paid["cap"]) == (25.0, 84.0)


@pytest.mark.parametrize(
    ("fee", "role"),
    [("70", "customer_service"), ("71", "lead"), ("280", "lead"), ("281", "finance")],
)
async def test_without_insurance_the_fee_says_who_may_pay(
    api: httpx.AsyncClient, agent: Json, fee: str, role: str
) -> None:
    assert (await usual(api, agent, "lost", fee=fee))["approval_role"] == role


@pytest.mark.parametrize("carrier", ["EMS", "YZPY"])
async def test_the_post_pays_three_times_the_fee_at_most(
    api: httpx.AsyncClient, agent: Json, house: House, carrier: str
) -> None:
    async with house.db.transaction() as session:
        await shipments.register(session, WAYBILL, carrier, frozenset(), clock.now())
    paid = await usual(api, agent, "lost", fee="20", declared_value="1000")
    assert (paid["amount"], paid["cap"]) == (60.0, 60.0)
    assert "邮政法" in paid["basis"]


async def test_an_insured_parcel_of_the_post_is_paid_by_its_insurance(
    api: httpx.AsyncClient, agent: Json, house: House
) -> None:
    async with house.db.transaction() as session:
        await shipments.register(session, WAYBILL, "EMS", frozenset(), clock.now())
    paid = await usual(api, agent, "lost", fee="20", insured_value="400")
    assert (paid["amount"], paid["basis"][:4]) == (400.0, INSURED)


async def test_without_insurance_and_fee_a_lead_is_asked(
    api: httpx.AsyncClient, agent: Json
) -> None:
    for kind in ("damage", "lost", "signed_not_received", "compensation"):
        paid = await usual(api, agent, kind)
        assert (kind, paid["amount"], paid["approval_role"]) == (kind, None, "lead")
        assert "运费未知" in paid["basis"]


async def test_an_insurance_of_nothing_is_none(api: httpx.AsyncClient, agent: Json) -> None:
    paid = await usual(api, agent, "lost", insured_value="0", fee="10")
    assert paid["basis"].startswith(UNINSURED)
    assert paid["cap"] == 70.0


async def test_a_delay_gives_the_fee_back(api: httpx.AsyncClient, agent: Json) -> None:
    paid = await usual(api, agent, "delay", fee="18.50")
    assert (paid["amount"], paid["cap"]) == (18.5, 18.5)
    assert paid["basis"].startswith("延误：")


async def test_the_fee_of_a_delay_has_to_be_known_first(
    api: httpx.AsyncClient, agent: Json
) -> None:
    paid = await usual(api, agent, "delay")
    assert paid["amount"] is None
    assert "待核实" in paid["basis"]


@pytest.mark.parametrize(("wanted", "amount"), [("30", 10.0), ("6", 6.0)])
async def test_bad_service_is_made_good_up_to_the_fee(
    api: httpx.AsyncClient, agent: Json, wanted: str, amount: float
) -> None:
    paid = await usual(api, agent, "complaint", fee="10", amount=wanted)
    assert (paid["amount"], paid["cap"]) == (amount, 10.0)


async def test_wishes_are_not_paid_for(api: httpx.AsyncClient, agent: Json) -> None:
    paid = [await usual(api, agent, kind, fee="500", insured_value="9000") for kind in WISHES]
    assert [(each["amount"], each["cap"]) for each in paid] == [(0, 0)] * len(WISHES)
    assert {each["basis"] for each in paid} == {"此类诉求不涉及赔偿"}


async def kept(api: httpx.AsyncClient, agent: Json, number: str, table: str) -> list[Json]:
    asked = {"subject": number, "table": table}
    answer = await api.get("/api/rules/evaluations", params=asked, headers=agent)
    assert answer.status_code == 200, answer.text
    rows: list[Json] = answer.json()["evaluations"]
    return rows


ADVISING = ("compensation", "talking_points")


async def test_why_something_is_advised_is_told_and_kept(
    api: httpx.AsyncClient, agent: Json
) -> None:
    number = await opened(api, agent, "lost", details={"insured_value": "800"})
    given = await advised(api, agent, number)
    assert [each["table"] for each in given["why"]] == list(ADVISING)
    for why in given["why"]:
        [row] = await kept(api, agent, number, why["table"])
        assert row["version"] == why["version"]
        assert [fired["rule"] for fired in row["fired"]] == why["fired"] != []
    assert given["why"][0]["why"][0].startswith("当 ")
    assert len(given["talking_points"]) == len(given["why"][1]["fired"])


async def test_looking_again_keeps_nothing_new_until_the_facts_change(
    api: httpx.AsyncClient, agent: Json
) -> None:
    number = await opened(api, agent, "lost", details={"insured_value": "800"})
    for _ in range(3):
        await advised(api, agent, number)
    assert [len(await kept(api, agent, number, table)) for table in ADVISING] == [1, 1]
    await opened(api, agent, "lost", details={"insured_value": "900"})
    assert (await advised(api, agent, number))["compensation"]["amount"] == 900.0
    paid = await kept(api, agent, number, "compensation")
    assert [row["outputs"][0]["amount"] for row in paid] == [900.0, 800.0]


async def test_a_fact_that_becomes_known_is_another_evaluation(
    api: httpx.AsyncClient, agent: Json
) -> None:
    number = await opened(api, agent, "lost", details={"insured_value": "800"})
    await advised(api, agent, number)
    await opened(api, agent, "lost", details={"declared_value": "500"})
    await advised(api, agent, number)
    assert len(await kept(api, agent, number, "compensation")) == 2


async def test_many_who_look_at_once_keep_one_evaluation(
    api: httpx.AsyncClient, agent: Json
) -> None:
    number = await opened(api, agent, "damage")
    given = await asyncio.gather(*(advised(api, agent, number) for _ in range(6)))
    assert all(each == given[0] for each in given)
    assert [len(await kept(api, agent, number, table)) for table in ADVISING] == [1, 1]


async def test_advice_decides_nothing(api: httpx.AsyncClient, agent: Json) -> None:
    number = await opened(api, agent, "lost", details={"insured_value": "800"})
    before = (await api.get(f"/api/tickets/{number}", headers=agent)).json()
    first, second = [await advised(api, agent, number) for _ in range(2)]
    assert first == second
    assert (await api.get(f"/api/tickets/{number}", headers=agent)).json() == before


async def test_every_kind_has_something_to_be_said(api: httpx.AsyncClient, agent: Json) -> None:
    unsaid = {
        kind: words for kind, words in WORDS.items() if words not in await points(api, agent, kind)
    }
    assert unsaid == {}


@pytest.mark.parametrize(("mood", "says_sorry"), [("anger", True), ("threat", True), ("", False)])
async def test_an_upset_customer_is_apologised_to_first(
    api: httpx.AsyncClient, agent: Json, mood: str, says_sorry: bool
) -> None:
    details = {"mood": mood} if mood else {}
    said = await points(api, agent, "delay", details=details)
    assert ("先致歉" in said) is says_sorry
    assert ("申诉渠道" in said) is (mood == "threat")


async def test_an_important_customer_is_called_by_name(api: httpx.AsyncClient, agent: Json) -> None:
    assert "称呼姓氏" in await points(api, agent, "invoice", vip=True)


@pytest.mark.parametrize(("vip", "is_told"), [(True, True), (False, False)])
async def test_a_most_urgent_ticket_names_the_time_of_the_next_answer(
    api: httpx.AsyncClient, agent: Json, vip: bool, is_told: bool
) -> None:
    said = await points(api, agent, "damage", vip=vip)
    assert ("下一次回复的具体时间" in said) is is_told


@pytest.mark.parametrize(
    ("details", "word"), [({"insured_value": "100"}, INSURED), ({}, UNINSURED)]
)
async def test_what_is_said_about_money_depends_on_the_insurance(
    api: httpx.AsyncClient, agent: Json, details: Json, word: str
) -> None:
    said = await points(api, agent, "lost", details=details)
    assert word in said
    assert ({INSURED, UNINSURED} - {word}).pop() not in said


async def test_while_the_customer_decides_the_step_has_words_of_its_own(
    api: httpx.AsyncClient, lead: Json, house: House
) -> None:
    await register_parcel(house)
    number = await opened(api, lead, "damage")
    ticket: Json = (await api.get(f"/api/tickets/{number}", headers=lead)).json()
    for _ in range(10):
        said = "\n".join((await advised(api, lead, number))["talking_points"])
        if ticket["open_steps"][0]["step"] == "confirm":
            break
        assert "方案已发给客户确认" not in said
        ticket = await step_on(api, lead, ticket)
    assert "方案已发给客户确认" in said


async def test_a_closed_ticket_still_has_advice(api: httpx.AsyncClient, lead: Json) -> None:
    number = await opened(api, lead, "invoice")
    ticket: Json = (await api.get(f"/api/tickets/{number}", headers=lead)).json()
    for _ in range(10):
        if ticket["state"] == "closed":
            break
        ticket = await step_on(api, lead, ticket)
    assert (await advised(api, lead, number))["compensation"]["amount"] == 0


async def test_a_number_nobody_gave_out_has_no_advice(api: httpx.AsyncClient, agent: Json) -> None:
    answer = await api.get("/api/tickets/T20260101000001/advice", headers=agent)
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_ticket")


async def test_advice_is_for_our_people_only(
    api: httpx.AsyncClient, agent: Json, assistant: Json
) -> None:
    number = await opened(api, agent, "lost")
    path = f"/api/tickets/{number}/advice"
    assert (await api.get(path)).status_code == 401
    assert (await api.get(path, headers=assistant)).status_code == 403
