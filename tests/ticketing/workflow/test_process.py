from __future__ import annotations

import pytest

from ticketing.workflow.process import ROLES, StateCategory, fill, unknown_placeholders


def test_facts_stand_where_the_text_names_them() -> None:
    assert fill("工单 {ticket_no} 已受理", {"ticket_no": "T1"}) == "工单 T1 已受理"


def test_a_missing_carrier_is_called_the_carrier() -> None:
    assert fill("正在催促{carrier_name}派送", {"carrier_name": ""}) == "正在催促快递公司派送"


def test_facts_are_put_in_as_they_are_and_not_read_again() -> None:
    assert fill("{carrier_name}", {"carrier_name": "{ticket_no}"}) == "{ticket_no}"


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("{ticket_no}、{waybill_no}", []),
        ("{phone}", ["phone"]),
        ("{ticket_no.x}", ["{", "}"]),
        ("半个 {", ["{"]),
    ],
)
def test_placeholders_nobody_fills_are_found(text: str, unknown: list[str]) -> None:
    assert unknown_placeholders(text) == unknown


def test_every_state_category_has_a_word_for_people() -> None:
    assert [each.label for each in StateCategory] == ["处理中", "已暂停", "已解决", "已关闭"]


def test_a_sentence_that_names_what_nobody_knows_is_left_unsaid() -> None:
    text = "方案已定。赔付 {amount} 元。您看可以吗？"

    assert fill(text, {}) == "方案已定。您看可以吗？"
    assert fill(text, {"amount": "20"}) == "方案已定。赔付 20 元。您看可以吗？"


def test_what_people_wrote_does_not_double_the_full_stop() -> None:
    assert fill("处理结果：{text}。", {"text": "明天补送。"}) == "处理结果：明天补送。"


def test_what_people_asked_is_no_statement() -> None:
    assert fill("说明：{text}。", {"text": "要加急吗？"}) == "说明：要加急吗？"


@pytest.mark.parametrize(
    ("eta", "said"),
    [("后天下午", "预计后天下午送达。"), ("2026-11-25", "预计 2026-11-25 送达。"), ("", "")],
)
def test_a_value_is_spaced_by_what_it_is(eta: str, said: str) -> None:
    assert fill("预计 {eta} 送达。", {"eta": eta}) == said


def test_a_text_without_a_full_stop_is_said_as_it_is() -> None:
    assert fill("工单 {ticket_no}", {"ticket_no": "T1"}) == "工单 T1"
    assert fill("", {}) == ""


def test_every_department_has_a_word_for_people() -> None:
    assert set(ROLES) == {
        *("customer_service", "lead", "warehouse", "claims", "finance", "dispatch", "courier"),
        *("carrier", "billing", "customer", "system"),
    }
    assert all(ROLES.values())
