"""The tables that come with the product: whole, sensible, and of one mind with the ticket kinds."""

from __future__ import annotations

from statistics import median
from time import thread_time
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketing.expressions.service import compile_test
from ticketing.rules.catalog import known_facts, purposes
from ticketing.rules.loading import load_table
from ticketing.rules.overlaps import warnings_of
from ticketing.rules.shipped import shipped, shipped_source
from ticketing.rules.table import decide_table
from ticketing.rules.wording import fired_rows, in_sentences
from ticketing.tickets.kinds import Priority, ticket_kinds

TABLES = tuple(purposes())
KINDS = tuple(ticket_kinds())


def ask(table: str, **facts: Any) -> dict[str, Any]:
    outcome = decide_table(shipped()[table], facts)
    return outcome.outputs[0] if outcome.outputs else {}


@pytest.mark.parametrize("name", TABLES)
def test_a_shipped_table_passes_its_own_checks_without_a_warning(name: str) -> None:
    table = load_table(name, shipped_source(name))
    assert table.name == name
    assert table.rules
    assert warnings_of(table) == []


@pytest.mark.parametrize("name", TABLES)
def test_a_shipped_table_has_a_picture_for_dmn_js(name: str) -> None:
    root = ElementTree.fromstring(shipped_source(name))
    drawn = root.iter("{https://www.omg.org/spec/DMN/20191111/DMNDI/}DMNShape")
    assert [shape.get("dmnElementRef") for shape in drawn] == [name]


@pytest.mark.parametrize("name", TABLES)
def test_every_id_in_a_shipped_file_stands_there_once(name: str) -> None:
    ids = [e.get("id") for e in ElementTree.fromstring(shipped_source(name)).iter() if e.get("id")]
    assert len(ids) == len(set(ids))


def test_the_words_for_kinds_are_those_of_the_tickets() -> None:
    assert dict(known_facts()["kind"].values) == {k: v.label for k, v in ticket_kinds().items()}


def test_the_values_a_table_may_answer_are_those_the_tickets_know() -> None:
    answers = {a.name: a.values for p in purposes().values() for a in p.outputs}
    assert set(answers["kind"]) == set(KINDS)
    assert answers["priority"] == tuple(Priority)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("table", TABLES)
def test_every_table_has_an_answer_for_every_kind_even_if_nothing_else_is_known(
    table: str, kind: str
) -> None:
    assert ask(table, kind=kind)


@pytest.mark.parametrize("kind", KINDS)
def test_a_kind_that_was_chosen_stays_unless_its_cause_is_known(kind: str) -> None:
    assert ask("kind", kind=kind) == {"kind": kind}


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"intent": "report_damage"}, "damage"),
        ({"intent": "escalate"}, "complaint"),
        ({"intent": "ask_invoice"}, "invoice"),
        ({"intent": "chitchat"}, "complaint"),
        ({}, "complaint"),
        ({"kind": "compensation", "intent": "report_lost"}, "lost"),
        ({"kind": "compensation", "intent": "claim_compensation"}, "compensation"),
        ({"kind": "urge", "intent": "report_delay"}, "delay"),
        ({"kind": "urge", "intent": "urge_delivery"}, "urge"),
    ],
)
def test_the_kind_follows_from_intent_and_facts(facts: dict[str, Any], kind: str) -> None:
    assert ask("kind", **facts) == {"kind": kind}


@pytest.mark.parametrize(
    ("facts", "severity"),
    [
        ({"kind": "urge"}, "minor"),
        ({"kind": "urge", "mood": "anger"}, "normal"),
        ({"kind": "urge", "mood": "threat"}, "critical"),
        ({"kind": "damage"}, "normal"),
        ({"kind": "damage", "loss_ratio": 0.5}, "major"),
        ({"kind": "damage", "declared_value": 12000}, "critical"),
        ({"kind": "damage", "amount": 12000}, "critical"),
        ({"kind": "damage", "perishable": True}, "major"),
        ({"kind": "lost"}, "major"),
        ({"kind": "lost", "declared_value": 5000}, "critical"),
        ({"kind": "invoice", "previous_tickets": 3}, "major"),
        ({"kind": "complaint", "intent": "escalate"}, "critical"),
    ],
)
def test_severity_grows_with_value_mood_and_repetition(
    facts: dict[str, Any], severity: str
) -> None:
    assert ask("severity", **facts) == {"severity": severity}


@pytest.mark.parametrize(
    ("facts", "priority", "red_flag"),
    [
        ({"kind": "urge"}, "normal", False),
        ({"kind": "urge", "urgent": True}, "high", False),
        ({"kind": "damage"}, "high", False),
        ({"kind": "damage", "urgent": True}, "urgent", False),
        ({"kind": "damage", "vip": True}, "urgent", False),
        ({"kind": "damage", "declared_value": 3000}, "urgent", True),
        ({"kind": "urge", "severity": "critical"}, "urgent", True),
        ({"kind": "urge", "previous_tickets": 3}, "high", True),
        ({"kind": "invoice"}, "low", False),
        ({"kind": "invoice", "vip": True}, "high", False),
        ({"kind": "interception"}, "high", False),
    ],
)
def test_priority_and_red_flag_follow_the_facts(
    facts: dict[str, Any], priority: str, red_flag: bool
) -> None:
    answer = ask("priority", **facts)
    assert (answer["priority"], answer["red_flag"]) == (priority, red_flag)
    assert answer["reason"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("urgent", [True, False])
def test_no_kind_is_less_urgent_than_it_is_by_itself_except_what_can_wait(
    kind: str, urgent: bool
) -> None:
    rank = Priority(ask("priority", kind=kind, urgent=urgent)["priority"]).rank
    assert rank >= ticket_kinds()[kind].priority.rank or kind == "invoice"


@pytest.mark.parametrize(
    ("facts", "queue", "skill"),
    [
        ({"assignee_role": "claims", "declared_value": 3000}, "claims", "high_value"),
        ({"assignee_role": "claims", "declared_value": 2999}, "claims", None),
        ({"assignee_role": "dispatch", "region": "广东省"}, "dispatch", "south_china"),
        ({"assignee_role": "dispatch", "region": "广西壮族自治区"}, "dispatch", "south_china"),
        ({"assignee_role": "dispatch", "region": "上海市"}, "dispatch", "east_china"),
        ({"assignee_role": "dispatch"}, "dispatch", None),
        ({"assignee_role": "customer_service", "vip": True}, "vip", None),
        ({"assignee_role": "warehouse"}, "warehouse", None),
        ({"role": "finance"}, "finance", None),
        ({"assignee_role": "customer"}, None, None),
        ({"kind": "invoice", "role": "receiver"}, "billing", None),
        ({"kind": "damage", "role": "receiver"}, "customer_service", None),
    ],
)
def test_a_step_goes_to_the_queue_of_its_department_region_and_value(
    facts: dict[str, Any], queue: str | None, skill: str | None
) -> None:
    assert ask("routing", **facts) == {"queue": queue, "skill": skill}


@pytest.mark.parametrize(
    "province", ["北京", "河北", "湖北", "四川", "陕西", "辽宁", "西藏", "香港"]
)
def test_every_region_has_dispatchers_of_its_own(province: str) -> None:
    assert ask("routing", assignee_role="dispatch", region=province)["skill"]


@pytest.mark.parametrize(
    ("facts", "amount", "cap", "approval_role"),
    [
        ({"kind": "lost", "insured_value": 2000, "declared_value": 1500}, 1500, 2000, "lead"),
        (
            {"kind": "lost", "insured_value": 300, "declared_value": 1500},
            300,
            300,
            "customer_service",
        ),
        ({"kind": "lost", "insured_value": 3000}, 3000, 3000, "finance"),
        (
            {"kind": "damage", "insured_value": 1000, "declared_value": 1000, "loss_ratio": 0.333},
            333,
            1000,
            "lead",
        ),
        ({"kind": "damage", "insured_value": 1000}, None, 1000, "lead"),
        ({"kind": "damage", "fee": 18, "declared_value": 1200}, 126, 126, "customer_service"),
        ({"kind": "damage", "fee": 18, "declared_value": 50}, 50, 126, "customer_service"),
        (
            {"kind": "damage", "fee": 18, "declared_value": 50, "loss_ratio": 0.5},
            25,
            126,
            "customer_service",
        ),
        ({"kind": "lost", "fee": 18, "carrier_code": "EMS"}, 54, 54, "customer_service"),
        ({"kind": "lost", "fee": 100}, 700, 700, "lead"),
        ({"kind": "lost", "fee": 400}, 2800, 2800, "finance"),
        ({"kind": "lost", "insured_value": 0, "fee": 10}, 70, 70, "customer_service"),
        ({"kind": "lost"}, None, None, "lead"),
        ({"kind": "delay", "fee": 12.5}, 12.5, 12.5, "customer_service"),
        ({"kind": "complaint", "fee": 12, "amount": 100}, 12, 12, "customer_service"),
        ({"kind": "invoice"}, 0, 0, "customer_service"),
    ],
)
def test_compensation_follows_insurance_fee_and_loss(
    facts: dict[str, Any], amount: float | None, cap: float | None, approval_role: str
) -> None:
    answer = ask("compensation", **facts)
    assert answer["basis"]
    assert (answer["amount"], answer["cap"]) == (amount, cap)
    assert answer["approval_role"] == approval_role


_YUAN = st.none() | st.decimals(0, 30_000, places=2).map(float)


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(KINDS),
    st.sampled_from([None, "SF", "EMS"]),
    st.none() | st.decimals(0, 1, places=3).map(float),
    st.tuples(_YUAN, _YUAN, _YUAN, _YUAN),
)
def test_no_compensation_exceeds_its_cap_or_who_may_approve_it(
    kind: str, carrier: str | None, ratio: float | None, yuan: tuple[float | None, ...]
) -> None:
    names = ("insured_value", "declared_value", "fee", "amount")
    facts = dict(zip(names, yuan, strict=True))
    answer = ask("compensation", kind=kind, carrier_code=carrier, loss_ratio=ratio, **facts)
    amount = answer["amount"]
    limit = {"customer_service": 500, "lead": 2000, "finance": 10**9}[answer["approval_role"]]
    if amount is not None:
        assert 0 <= amount <= min(answer["cap"] + 0.005, limit)
        assert round(amount, 2) == amount


@pytest.mark.parametrize(
    ("amount", "cap", "approval_role"),
    [
        (500, 500, "customer_service"),
        (500, None, "customer_service"),
        (500, 499, "lead"),
        (500.01, 1000, "lead"),
        (2000, 3000, "lead"),
        (2000.01, 3000, "finance"),
        (2000.01, 1, "finance"),
    ],
)
def test_who_approves_an_amount_depends_on_it_and_on_what_is_usual(
    amount: float, cap: float | None, approval_role: str
) -> None:
    answer = ask("approval", amount=amount, cap=cap)
    assert answer["approval_role"] == approval_role
    assert answer["reason"]


def test_talking_points_add_up() -> None:
    facts = {"kind": "damage", "mood": "anger", "insured_value": 500, "priority": "urgent"}
    outcome = decide_table(shipped()["talking_points"], facts)
    texts = [answer["text"] for answer in outcome.outputs]
    assert len(texts) == len(outcome.fired) >= 4
    assert len(set(texts)) == len(texts)


def test_the_reason_of_a_decision_can_be_read() -> None:
    outcome = decide_table(
        shipped()["routing"], {"assignee_role": "claims", "declared_value": 5000}
    )
    sentences = in_sentences(fired_rows(outcome), outcome.outputs)
    assert sentences == ["当 部门 = 理赔 且 声明价值 ≥ 3000 → 队列 理赔，技能 高额理赔"]


@pytest.mark.parametrize("name", TABLES)
def test_every_rule_has_words_that_name_no_column_in_english(name: str) -> None:
    for rule in shipped()[name].rules:
        assert rule.words
        assert "kind" not in rule.words


def test_a_table_is_asked_in_well_under_a_millisecond() -> None:
    table = shipped()["compensation"]
    facts = {"kind": "complaint", "fee": 18.5, "declared_value": 1200.5, "insured_value": None}
    taken = []
    for _ in range(200):
        begun = thread_time()
        decide_table(table, facts)
        taken.append(thread_time() - begun)
    assert median(taken) < 0.0005


def test_unknown_values_leave_room_for_cells_that_ask_for_null() -> None:
    assert compile_test("null,0").holds(None, {})
