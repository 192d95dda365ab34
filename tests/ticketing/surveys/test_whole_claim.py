"""A damage claim from the complaint to the survey: what is printed, proved and asked on the way."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from tests.ticketing.assistant_door import WAYBILL, ask, begin, register_parcel
from tests.ticketing.people import sign_in
from tests.ticketing.printing.reading import text_of
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.tickets import lookup
from ticketing.tickets.chain import verify

Json = dict[str, Any]
TEXT = "按声明价值赔付 168.50 元，3 个工作日内打款。"
STEPS: dict[str, Json] = {
    "accept": {"summary": "外箱压扁，杯子碎"},
    "verify": {"decision": "pass"},
    "warehouse_check": {"damaged": True, "packaging": "intact", "findings": "出库时完好"},
    "branch_evidence": {"statement": "派送途中受压"},
    "liability": {"responsible": "carrier", "amount": 168.5, "text": TEXT},
    "approve": {"decision": "approve"},
    "pay": {"amount": 168.5, "reference": "PAY20261122"},
    "follow_up": {"satisfied": True, "opinion": "满意"},
}


@pytest.fixture
async def lead(house: House, api: httpx.AsyncClient) -> dict[str, str]:
    return await sign_in(house, api, "lea", Role.MANAGER)


@pytest.fixture
async def number(house: House, api: httpx.AsyncClient, assistant: Json) -> str:
    await register_parcel(house)
    customer = await begin(house, "rest", "demo/one")
    details = {"item": "陶瓷杯", "declared_value": "200", "loss_amount": "180", "fee": "18"}
    body = {"kind": "damage", "waybill_no": WAYBILL, "description": "碎了", "words": ["杯子碎了"]}
    shown = await ask(api, assistant, customer, "tickets", details=details, **body)
    ticket_no: str = shown["ticket"]["ticket_no"]
    return ticket_no


async def reply(api: httpx.AsyncClient, text: str) -> list[str]:
    body = {"sender": "one", "message": text}
    answer = await api.post("/webhooks/rest/webhook", json=body)
    return [message["text"] for message in answer.json()]


async def current(api: httpx.AsyncClient, headers: Json, number: str) -> list[str]:
    ticket = (await api.get(f"/api/tickets/{number}", headers=headers)).json()
    return [step["step"] for step in ticket["steps"] if step["state"] == "current"]


async def work_until(api: httpx.AsyncClient, headers: Json, number: str, *stops: str) -> list[str]:
    """Do what our people have to do until one of these steps is due, or nothing is."""
    for _ in range(20):
        due = await current(api, headers, number)
        todo = [step for step in due if step not in stops]
        if not todo:
            return due
        path = f"/api/tickets/{number}/steps/{todo[0]}/complete"
        done = await api.post(path, json={"data": STEPS[todo[0]]}, headers=headers)
        assert done.status_code == 200, (todo[0], done.text)
    raise AssertionError(f"{number} never comes to an end")


async def printed(api: httpx.AsyncClient, headers: Json, number: str, name: str) -> str:
    answer = await api.get(f"/api/tickets/{number}/papers/{name}.pdf", headers=headers)
    assert answer.status_code == 200, answer.text
    return text_of(answer.content)


async def test_the_letter_says_what_was_decided_and_what_the_customer_answered(
    api: httpx.AsyncClient, lead: Json, number: str
) -> None:
    assert await work_until(api, lead, number, "confirm") == ["confirm"]
    offered = await printed(api, lead, number, "complaint_resolution")
    assert TEXT.replace(" ", "") in offered
    assert "人民币壹佰陆拾捌元伍角整" in offered
    assert "在线作出以上选择" not in offered
    await reply(api, "同意")
    confirmed = await printed(api, lead, number, "complaint_resolution")
    assert "在线作出以上选择" in confirmed


async def test_the_claim_names_every_step_that_decided_it(
    api: httpx.AsyncClient, lead: Json, number: str
) -> None:
    await work_until(api, lead, number, "confirm")
    claim = await printed(api, lead, number, "claim_application")
    for words in ("客服初审", "仓库核实", "理赔定责", "出库时完好", "￥200.00", "￥18.00"):
        assert words in claim.replace("¥", "￥"), words
    assert "人民币壹佰捌拾元整" in claim


async def test_the_details_tell_the_whole_story(
    api: httpx.AsyncClient, lead: Json, number: str
) -> None:
    await work_until(api, lead, number, "confirm")
    text = await printed(api, lead, number, "ticket_detail")
    for words in ("登记工单", "完成步骤", "分派", "网点举证", "派送途中受压", "进行中"):
        assert words in text, words


async def test_a_rejected_solution_is_printed_with_its_reason(
    api: httpx.AsyncClient, lead: Json, number: str
) -> None:
    await work_until(api, lead, number, "confirm")
    said = await reply(api, "不同意")
    await reply(api, "赔得太少了")
    assert said
    letter = await printed(api, lead, number, "complaint_resolution")
    assert "赔得太少了" in letter


async def test_the_customer_is_asked_at_the_end_and_the_history_is_whole(
    api: httpx.AsyncClient, lead: Json, house: House, number: str
) -> None:
    await work_until(api, lead, number, "confirm")
    await reply(api, "同意")
    frozen = await api.post(f"/api/tickets/{number}/evidence/freeze", headers=lead)
    assert frozen.status_code == 200
    assert await work_until(api, lead, number) == []
    heard = (await api.get("/webhooks/rest/messages?sender=one")).json()
    assert "的处理满意吗" in heard[-1]["text"]
    assert (await reply(api, "5分"))[0].startswith("谢谢")
    async with house.db.transaction() as session:
        report = await verify(session, await lookup.ticket_by_no(session, number))
    assert report.ok
    whats = (await api.get(f"/api/tickets/{number}", headers=lead)).json()["changes"]
    assert [line["what"] for line in whats].count("evidence_frozen") == 1
    assert whats[-1]["what"] == "survey_answered"
