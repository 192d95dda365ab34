"""Taking tickets back and adding proof to them."""

from typing import Any

import pytest

from actions.evidence import ActionTakeEvidence
from actions.loose_answers import ActionAcceptOffer, ActionDeclineOffer, ActionRouteInfo
from actions.withdrawing import ActionWithdraw
from tests.actions.stage import Stage, card

FIRST, SECOND = "T20261122000001", "T20261122000002"
PROGRESS, WITHDRAWALS, EVIDENCE = "ticket-progress", "ticket-withdrawals", "ticket-evidence"
WISH = ("撤销投诉", "withdraw_complaint")


def tickets(*cards: dict[str, Any], outcome: str = "found") -> dict[str, Any]:
    """Ticketing's answer with these tickets."""
    return {"outcome": outcome, "tickets": list(cards)}


def with_tickets(*cards: dict[str, Any]) -> Stage:
    """A customer with these tickets."""
    stage = Stage().will_answer(PROGRESS, tickets(*cards))
    return stage.will_answer(WITHDRAWALS, tickets(card(), outcome="withdrawn"))


@pytest.mark.parametrize("yes", [("确认撤销", "affirm"), ("撤了吧", "withdraw_complaint")])
async def test_the_only_ticket_is_withdrawn_after_one_question(yes: tuple[str, str]) -> None:
    stage = with_tickets(card())
    assert await stage.play(ActionWithdraw, *WISH) == ["say_withdraw_confirm"]
    assert stage.bodies(WITHDRAWALS) == []
    action = ActionAcceptOffer if yes[1] == "affirm" else ActionWithdraw
    assert await stage.play(action, *yes) == ["say_withdrawn"]
    assert stage.bodies(WITHDRAWALS) == [{"message_id": "m2", "ticket_no": FIRST}]


@pytest.mark.parametrize(
    ("text", "intent", "said"),
    [("先不撤了", "deny", "say_declined"), ("别撤了", "withdraw_complaint", "say_withdraw_kept")],
)
async def test_a_change_of_mind_keeps_the_ticket(text: str, intent: str, said: str) -> None:
    stage = with_tickets(card())
    await stage.play(ActionWithdraw, *WISH)
    action = ActionDeclineOffer if intent == "deny" else ActionWithdraw
    assert await stage.play(action, text, intent) == [said]
    assert stage.bodies(WITHDRAWALS) == []


async def test_of_several_tickets_one_is_named_and_then_confirmed() -> None:
    stage = with_tickets(card(), card(SECOND))
    assert await stage.play(ActionWithdraw, *WISH) == ["say_withdraw_which"]
    assert SECOND in stage.responses[0]["tickets"]
    number = ("ticket_no", SECOND)
    said = await stage.play(ActionRouteInfo, SECOND, "provide_info", number)
    assert said == ["say_withdraw_confirm_number"]
    assert await stage.play(ActionAcceptOffer, "确认撤销", "affirm") == ["say_withdrawn"]
    assert stage.bodies(WITHDRAWALS)[0]["ticket_no"] == SECOND


async def test_who_does_not_say_which_one_is_offered_a_person() -> None:
    stage = with_tickets(card(), card(SECOND))
    await stage.play(ActionWithdraw, *WISH)
    assert await stage.play(ActionWithdraw, *WISH) == ["say_offer_person"]


async def test_tickets_that_are_over_are_not_withdrawn() -> None:
    stage = with_tickets({**card(), "state": "closed"})
    assert await stage.play(ActionWithdraw, *WISH) == ["say_withdraw_none"]


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("none", "say_withdraw_none"),
        ("several", "say_withdraw_which"),
        ("unknown_ticket", "say_ticket_not_yours"),
        ("already_closed", "say_ticket_closed_already"),
    ],
)
async def test_what_cannot_be_withdrawn_is_said(outcome: str, said: str) -> None:
    stage = with_tickets(card()).will_answer(WITHDRAWALS, tickets(card(), outcome=outcome))
    await stage.play(ActionWithdraw, *WISH)
    assert await stage.play(ActionAcceptOffer, "确认撤销", "affirm") == [said]


async def test_proof_is_noted_on_the_ticket() -> None:
    stage = Stage().will_answer(EVIDENCE, tickets(card(), outcome="added"))
    said = await stage.play(ActionTakeEvidence, "我拍了开箱视频", "provide_evidence")
    assert said == ["say_evidence_added"]
    assert stage.responses[0]["ticket_no"] == FIRST
    assert stage.bodies(EVIDENCE) == [{"message_id": "m1", "words": ["我拍了开箱视频"]}]


async def test_where_to_send_proof_is_told_without_noting_anything() -> None:
    stage = Stage()
    assert await stage.play(ActionTakeEvidence, "照片发哪里", "provide_evidence") == [
        "say_evidence_how"
    ]
    await stage.play(ActionAcceptOffer, "好的", "affirm")
    assert stage.calls == []


async def test_of_several_tickets_the_named_one_gets_the_words_said_before() -> None:
    several = tickets(card(), card(SECOND), outcome="several")
    stage = Stage().will_answer(EVIDENCE, several, tickets(card(SECOND), outcome="added"))
    assert await stage.play(ActionTakeEvidence, "我拍了视频", "provide_evidence") == [
        "say_evidence_which"
    ]
    number = ("ticket_no", SECOND)
    assert await stage.play(ActionRouteInfo, SECOND, "provide_info", number) == [
        "say_evidence_added"
    ]
    assert stage.bodies(EVIDENCE)[1] == {
        "message_id": "m2",
        "ticket_no": SECOND,
        "words": ["我拍了视频"],
    }


@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("none", "say_evidence_none"),
        ("unknown_ticket", "say_ticket_not_yours"),
        ("already_closed", "say_ticket_closed_already"),
    ],
)
async def test_proof_without_a_ticket_is_not_lost_silently(outcome: str, said: str) -> None:
    stage = Stage().will_answer(EVIDENCE, tickets(outcome=outcome))
    assert await stage.play(ActionTakeEvidence, "我有照片", "provide_evidence") == [said]
