from __future__ import annotations

import pytest

from ticketing.expressions.service import ExpressionFailed, ExpressionRefused
from ticketing.workflow.conditions import Conditions


def asked(condition: str) -> bool:
    facts = {"kind": "damage", "amount": 300}
    return Conditions(facts, {"verify": {"accepted": True, "note": "好"}}).evaluate(None, condition)


@pytest.mark.parametrize(
    ("condition", "answer"),
    [
        ('kind = "damage"', True),
        ("amount > 500", False),
        ("verify.accepted", True),
        ("verify.accepted = false", False),
        ("confirm.decision = 1", False),
        ("nobody_knows", False),
        ('kind in ["damage", "lost"] and amount <= 300', True),
    ],
)
def test_conditions_see_facts_by_name_and_data_under_their_step(
    condition: str, answer: bool
) -> None:
    assert asked(condition) is answer


def test_what_was_filled_in_cannot_hide_behind_a_fact() -> None:
    conditions = Conditions({"verify": "a fact"}, {"verify": {"accepted": True}})

    assert conditions.evaluate(None, "verify.accepted")


@pytest.mark.parametrize("condition", ["amount", "kind", "1 + 1"])
def test_a_condition_that_is_no_yes_or_no_fails(condition: str) -> None:
    with pytest.raises(ExpressionFailed):
        asked(condition)


@pytest.mark.parametrize(
    "condition",
    [
        "__import__('os').system('true')",
        "().__class__",
        "9**9**9**9",
        "kind.__class__",
        "import os",
    ],
)
def test_python_is_never_evaluated(condition: str) -> None:
    with pytest.raises(ExpressionRefused):
        asked(condition)


def test_there_is_nothing_to_run_a_script_with() -> None:
    assert not hasattr(Conditions, "execute")
    assert not hasattr(Conditions, "call_service")
