"""What rules may know of a ticket: numbers out of what people write, provinces, and the rest."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ticketing.tickets.facts import AMOUNTS, FLAGS, facts_of, number
from ticketing.tickets.kinds import Priority
from ticketing.tickets.models import Ticket
from ticketing.workflow.fitness import FACTS


def drafted(**more: Any) -> Ticket:
    """Return a ticket no database has seen."""
    plain: dict[str, Any] = {
        "kind": "damage",
        "severity": "normal",
        "priority": str(Priority.HIGH),
        "red_flag": False,
        "vip": False,
        "state": "open",
        "details": {},
    }
    return Ticket(**{**plain, **more})


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("128.50元", 128.5),
        ("128", 128.0),
        ("¥99", 99.0),
        ("大概300块", 300.0),
        ("0", 0.0),
        ("0.5", 0.5),
        ("保价2000元，运费18元", 2000.0),
        ("rmb 12.3456", 12.3456),
        ("  7  ", 7.0),
        ("１２８元", 128.0),
        ("3.", 3.0),
        ("1,280元", 1280.0),
        ("12，345.60", 12345.6),
        ("1,234,567,890", 1234567890.0),
        ("100,200元", 100200.0),
        ("18,5000", 18.0),
        ("2万", 20000.0),
        ("1.5千块", 1500.0),
        ("30%", 0.3),
    ],
)
def test_the_first_number_of_a_detail_counts(written: str, read: float) -> None:
    assert number(written) == read


@pytest.mark.parametrize("given_as", [42, 42.0, "42", "42元"])
def test_a_number_may_come_as_text_or_as_itself(given_as: Any) -> None:
    found = number(given_as)
    assert found == 42.0
    assert isinstance(found, float)


@pytest.mark.parametrize("written", [None, "", "不知道", "没有", "元", "一百", "-", "."])
def test_what_has_no_digits_is_no_number(written: str | None) -> None:
    assert number(written) is None


def test_a_number_too_long_for_money_is_cut_and_not_refused() -> None:
    assert number("1" * 40) == float("1" * 12)


@settings(max_examples=60)
@given(st.integers(min_value=0, max_value=10**9), st.integers(min_value=0, max_value=99))
def test_every_amount_of_yuan_and_fen_is_read_as_it_was_written(yuan: int, fen: int) -> None:
    assert number(f"{yuan}.{fen:02d}元") == float(f"{yuan}.{fen:02d}")


@settings(max_examples=60)
@given(st.text(max_size=60))
def test_no_text_breaks_the_reading_of_numbers(text: str) -> None:
    found = number(text)
    assert found is None or found >= 0


def test_a_process_is_told_every_fact_its_conditions_may_ask_for() -> None:
    weighed = {"approval_role", "cap"}
    assert facts_of(drafted()).keys() | weighed == FACTS
    assert not facts_of(drafted()).keys() & weighed


@pytest.mark.parametrize("name", AMOUNTS)
def test_every_amount_is_a_number_or_unknown(name: str) -> None:
    assert facts_of(drafted(details={name: "0.8元"}))[name] == 0.8
    assert facts_of(drafted(details={name: "不清楚"}))[name] is None
    assert facts_of(drafted())[name] is None


@pytest.mark.parametrize("name", FLAGS)
def test_a_flag_is_yes_or_no_or_not_there_at_all(name: str) -> None:
    assert facts_of(drafted(details={name: "true"}))[name] is True
    assert facts_of(drafted(details={name: "false"}))[name] is False
    assert facts_of(drafted()).get(name) is None


@pytest.mark.parametrize("name", ["channel", "mood", "item"])
def test_details_in_words_are_handed_on_as_they_are(name: str) -> None:
    assert facts_of(drafted(details={name: "杯子 3 个"}))[name] == "杯子 3 个"
    assert facts_of(drafted())[name] is None


@pytest.mark.parametrize(
    ("details", "urgent"), [({"urgent": "true"}, True), ({"urgent": "false"}, False), ({}, False)]
)
def test_a_ticket_is_urgent_only_when_it_says_so(details: dict[str, str], urgent: bool) -> None:
    assert facts_of(drafted(details=details))["urgent"] is urgent


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("intent", "report_damage"),
        ("kind", "lost"),
        ("severity", "critical"),
        ("priority", "urgent"),
        ("red_flag", True),
        ("vip", True),
        ("role", "receiver"),
        ("state", "paused"),
        ("carrier_code", "YTO"),
        ("region", "广东省"),
        ("queue", "claims"),
    ],
)
def test_a_column_is_a_fact_of_its_own_name(column: str, value: Any) -> None:
    assert facts_of(drafted(**{column: value}))[column] == value


def test_other_details_are_no_facts() -> None:
    details = {"address": "广东省深圳市", "phone": "13800000000", "time": "明天"}
    facts = facts_of(drafted(details=details))
    assert not details.keys() & facts.keys()
    assert "13800000000" not in str(facts)


def test_a_detail_does_not_stand_in_for_a_column() -> None:
    facts = facts_of(drafted(details={"kind": "lost", "priority": "low", "vip": "true"}))
    assert (facts["kind"], facts["priority"], facts["vip"]) == ("damage", "high", False)
