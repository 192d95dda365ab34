"""Lines of a history: what each one seals, and what writing one does to its ticket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.ticketing.tickets.desk import history, opened
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.tickets.history import Line, record, seal
from ticketing.tickets.models import TicketChange

AT = datetime(2026, 11, 22, 4, 0, 0, 123456, tzinfo=UTC)
NUMBER = "T20261122000001"


def line(**more: Any) -> TicketChange:
    """Return a line as it stands in a history."""
    plain = {"at": AT, "by": "anna", "what": "note", "facts": {"text": "好"}, "cause": None}
    return TicketChange(**{**plain, "previous_hash": "0" * 64, **more})


def sealed(**more: Any) -> str:
    return seal(NUMBER, line(**more))


def test_a_seal_is_a_sha_256_in_hex() -> None:
    assert len(sealed()) == 64
    assert int(sealed(), 16) > 0


def test_the_same_line_has_the_same_seal() -> None:
    assert sealed() == sealed()


@pytest.mark.parametrize(
    "other",
    [
        {"at": AT + timedelta(microseconds=1)},
        {"by": "lena"},
        {"what": "opened"},
        {"facts": {"text": "坏"}},
        {"facts": {"text": "好", "more": None}},
        {"facts": {}},
        {"cause": "m1"},
        {"previous_hash": "1" * 64},
        {"previous_hash": ""},
    ],
    ids=lambda each: "-".join(each),
)
def test_whatever_differs_in_a_line_differs_in_its_seal(other: dict[str, Any]) -> None:
    assert sealed(**other) != sealed()


def test_the_same_line_in_another_ticket_has_another_seal() -> None:
    assert seal("T20261122000002", line()) != sealed()


def test_a_moment_has_one_seal_in_every_time_zone() -> None:
    shanghai = AT.astimezone(timezone(timedelta(hours=8)))
    assert shanghai.hour != AT.hour
    assert sealed(at=shanghai) == sealed()


def test_the_order_in_which_facts_were_written_down_does_not_matter() -> None:
    assert sealed(facts={"a": 1, "b": {"c": 2, "d": 3}}) == sealed(
        facts={"b": {"d": 3, "c": 2}, "a": 1}
    )


@pytest.mark.parametrize(
    ("written", "read_again"),
    [
        (1e16, 10**16),
        (50.0, 50),
        ({"amount": 50.0}, {"amount": 50}),
        ([1.0, [2.0]], [1, [2]]),
        ((1.0, 2), [1, 2]),
        (-0.0, 0),
    ],
)
def test_what_the_database_gives_back_otherwise_is_sealed_as_it_comes_back(
    written: Any, read_again: Any
) -> None:
    assert sealed(facts={"x": written}) == sealed(facts={"x": read_again})


@pytest.mark.parametrize(("one", "other"), [(0.5, 0), (1.5, 2), ("1", 1), (None, ""), (True, 1)])
def test_different_values_are_not_sealed_alike(one: Any, other: Any) -> None:
    assert sealed(facts={"x": one}) != sealed(facts={"x": other})


@settings(max_examples=60)
@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_a_number_is_sealed_by_its_value_and_not_by_its_type(value: float) -> None:
    as_read = int(Decimal(repr(value))) if value.is_integer() else value
    assert sealed(facts={"x": value}) == sealed(facts={"x": as_read})


@settings(max_examples=60)
@given(st.text(max_size=30), st.text(max_size=30))
def test_two_texts_have_two_seals(one: str, other: str) -> None:
    assert (sealed(by=one) == sealed(by=other)) is (one == other)


async def test_a_line_seals_the_one_before_it_and_is_the_head(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
        before = ticket.chain_head
        change = record(session, ticket, Line("note", "anna", {"text": "问过了"}), clock.now())
        assert change.previous_hash == before
        assert ticket.chain_head == change.hash == seal(ticket.ticket_no, change)
        assert (await history(session, ticket))[-1].id == change.id


async def test_each_line_makes_the_ticket_one_version_newer(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
        version, later = ticket.version, clock.now() + timedelta(hours=1)
        for number in range(3):
            record(session, ticket, Line("note", "anna", {"text": str(number)}), later)
        assert (ticket.version, ticket.updated_at) == (version + 3, later)


async def test_what_is_told_is_a_copy_of_what_was_handed_in(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session)
        facts = {"text": "先这样"}
        change = record(session, ticket, Line("note", "anna", facts), clock.now())
        facts["text"] = "后来改了"
        assert change.facts == {"text": "先这样"}
        assert change.hash == seal(ticket.ticket_no, change)


async def test_the_first_line_says_that_the_ticket_was_opened(house: House) -> None:
    async with house.db.transaction() as session:
        ticket = await opened(session, words=("杯子碎了",), details={"item": "杯子"}, urgent=True)
        first = (await history(session, ticket))[0]
    assert (first.what, first.by) == ("opened", "anna")
    assert first.facts == {
        "description": "杯子碎了",
        "proven": False,
        "urgent": True,
        "details": {"item": "杯子"},
    }
    assert first.previous_hash == ""
