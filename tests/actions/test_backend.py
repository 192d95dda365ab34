"""The client of ticketing."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from actions.backend import Asked, Backend, Report
from actions.backend_answers import (
    Disclosure,
    FilingOutcome,
    HandoffReason,
    ProgressOutcome,
    TrackOutcome,
)
from actions.backend_errors import (
    BackendAnswerUnreadable,
    BackendError,
    BackendRefused,
    BackendTimeout,
    BackendUnreachable,
)
from tests.actions.stage import SF, Stage, card, found, track

ASKED = Asked("web:1", "m1")


async def test_a_parcel_is_read_into_types() -> None:
    stage = Stage().will_answer("track", found())
    answer = await stage.backend().track(ASKED, SF, "6789")
    assert answer.outcome is TrackOutcome.FOUND
    assert answer.disclosure is Disclosure.FULL
    assert answer.shipment is not None
    assert answer.shipment.events[0].at.tzinfo is not None
    assert stage.bodies("track") == [{"message_id": "m1", "waybill_no": SF, "phone_tail": "6789"}]


async def test_what_is_not_known_is_not_sent() -> None:
    stage = Stage().will_answer("track", track("no_events"))
    await stage.backend().track(ASKED, SF)
    assert stage.bodies("track") == [{"message_id": "m1", "waybill_no": SF}]


@pytest.mark.parametrize("outcome", [each.value for each in TrackOutcome])
async def test_every_outcome_of_the_contract_is_known(outcome: str) -> None:
    answer = await Stage().will_answer("track", track(outcome, 2)).backend().track(ASKED, SF)
    assert answer.outcome == outcome
    assert answer.tries_left == 2


@pytest.mark.parametrize("outcome", list(FilingOutcome))
async def test_every_end_of_a_report_is_known(outcome: FilingOutcome) -> None:
    stage = Stage().will_answer("tickets", {"outcome": outcome.value, "ticket": card()})
    answer = await stage.backend().open_ticket(ASKED, Report("damage", SF, "杯子碎了"))
    assert (answer.outcome, answer.ticket.ticket_no) == (outcome, "T20261122000001")


async def test_a_report_becomes_a_ticket() -> None:
    stage = Stage().will_answer("tickets", {"outcome": "joined", "ticket": card()})
    report = Report("damage", SF, "杯子碎了", ("杯子碎了",), "6789", "receiver")
    answer = await stage.backend().open_ticket(ASKED, report)
    assert answer.outcome is FilingOutcome.JOINED
    assert answer.ticket.ticket_no == "T20261122000001"
    assert answer.ticket.current_step == "核实"
    assert answer.ticket.card == card()
    body = stage.bodies("tickets")[0]
    assert body["words"] == ["杯子碎了"]
    assert "contact_phone" not in body


async def test_progress_lists_tickets() -> None:
    stage = Stage().will_answer("ticket-progress", {"outcome": "found", "tickets": [card()]})
    answer = await stage.backend().progress(ASKED, ticket_no="T20261122000001")
    assert answer.outcome is ProgressOutcome.FOUND
    assert [ticket.ticket_no for ticket in answer.tickets] == ["T20261122000001"]


async def test_handing_off_and_promising() -> None:
    stage = Stage().will_answer(
        "handoff", {"outcome": "queued", "position": 3, "told": "您排在第 3 位。"}
    )
    stage.will_answer("promises", {"outcome": "promised"})
    assert (await stage.backend().hand_off(ASKED, HandoffReason.ASKED)).position == 3
    await stage.backend().promise(ASKED, SF)
    assert stage.bodies("handoff") == [{"message_id": "m1", "reason": "asked"}]
    assert stage.bodies("promises") == [{"message_id": "m1", "waybill_no": SF}]


async def test_the_token_and_the_conversation_go_with_every_call() -> None:
    seen: list[httpx.Request] = []

    def serve(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, json=track("slow"))

    await Backend("http://t", "secret", httpx.MockTransport(serve)).track(ASKED, SF)
    assert seen[0].headers["Authorization"] == "Bearer secret"
    assert seen[0].url.path == "/api/conversations/web:1/track"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.ReadTimeout("slow"), BackendTimeout),
        (httpx.ConnectTimeout("slow"), BackendTimeout),
        (httpx.ConnectError("down"), BackendUnreachable),
        (httpx.Response(500, text="oops"), BackendRefused),
        (httpx.Response(200, text="<html>"), BackendAnswerUnreadable),
        (httpx.Response(200, json={"outcome": "unheard_of"}), BackendAnswerUnreadable),
        (httpx.Response(200, json=[]), BackendAnswerUnreadable),
    ],
)
async def test_foreign_errors_become_one_family(answer: Any, error: type[BackendError]) -> None:
    with pytest.raises(error) as caught:
        await Stage().will_answer("track", answer).backend().track(ASKED, SF)
    assert isinstance(caught.value, BackendError)
    assert SF not in str(caught.value)


@pytest.mark.parametrize("call", ["open_ticket", "progress"])
async def test_a_card_without_a_number_is_unreadable(call: str) -> None:
    stage = Stage().will_answer("tickets", {"outcome": "opened", "ticket": {"type": "ticket"}})
    stage.will_answer("ticket-progress", {"outcome": "found", "tickets": [{"type": "ticket"}]})
    backend = stage.backend()
    calls: dict[str, Callable[[], Any]] = {
        "open_ticket": lambda: backend.open_ticket(ASKED, Report("damage", SF, "x")),
        "progress": lambda: backend.progress(ASKED),
    }
    with pytest.raises(BackendAnswerUnreadable):
        await calls[call]()


async def test_a_refusal_keeps_ticketings_own_words() -> None:
    body = {"error": "waybill_malformed", "detail": "运单号不正确"}
    stage = Stage().will_answer("tickets", httpx.Response(422, json=body))
    with pytest.raises(BackendRefused) as refused:
        await stage.backend().open_ticket(ASKED, Report("damage", "x", "x"))
    assert (refused.value.status, refused.value.code) == (422, "waybill_malformed")
    assert refused.value.detail == "运单号不正确"


async def test_a_wish_without_a_parcel_carries_its_facts() -> None:
    stage = Stage().will_answer("tickets", {"outcome": "opened", "ticket": card()})
    report = Report("pickup", None, "取件", urgent=True, details={"time": "明天"})
    await stage.backend().open_ticket(ASKED, report)
    assert stage.bodies("tickets") == [
        {
            "message_id": "m1",
            "kind": "pickup",
            "description": "取件",
            "words": [],
            "urgent": True,
            "details": {"time": "明天"},
        }
    ]


@pytest.mark.parametrize(
    ("call", "outcome"),
    [
        *(("ticket-withdrawals", each) for each in ("withdrawn", "none", "several")),
        *(("ticket-evidence", each) for each in ("added", "unknown_ticket", "already_closed")),
    ],
)
async def test_what_became_of_a_ticket_is_read_into_types(call: str, outcome: str) -> None:
    stage = Stage().will_answer(call, {"outcome": outcome, "tickets": [card()]})
    backend = stage.backend()
    answer = await (
        backend.withdraw(ASKED, "T1")
        if call == "ticket-withdrawals"
        else backend.add_evidence(ASKED, ("有照片",), "T1")
    )
    assert answer.outcome == outcome
    assert answer.tickets[0].is_open


async def test_an_outcome_nobody_agreed_on_is_unreadable() -> None:
    stage = Stage().will_answer("ticket-withdrawals", {"outcome": "perhaps", "tickets": []})
    with pytest.raises(BackendAnswerUnreadable):
        await stage.backend().withdraw(ASKED)
