"""Who may hear the details of a parcel: digits judged, and tries counted."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.composition import House
from ticketing.conversations import service as conversations
from ticketing.conversations.proofs import (
    TRIES_IN_A_CONVERSATION,
    TRIES_ON_A_PARCEL,
    Proof,
    ProofState,
    judge,
    tries_left,
    window_start,
)
from ticketing.conversations.service import UnknownConversation

WAYBILL, OTHER = "YT2700000000001", "YT2700000000002"
ON_LABEL = frozenset({"4562", "1111"})
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("given_digits", "registered", "proof"),
    [
        ("4562", ON_LABEL, Proof.SHOWN),
        ("1111", ON_LABEL, Proof.SHOWN),
        ("0000", ON_LABEL, Proof.WRONG),
        ("", ON_LABEL, Proof.WRONG),
        ("45621", ON_LABEL, Proof.WRONG),
        ("4562", frozenset(), Proof.UNVERIFIABLE),
    ],
)
def test_digits_are_right_wrong_or_cannot_be_judged(
    given_digits: str, registered: frozenset[str], proof: Proof
) -> None:
    assert judge(given_digits, registered) is proof


@pytest.mark.parametrize("proof", Proof)
def test_only_what_was_shown_opens_anything(proof: Proof) -> None:
    state = ProofState(uuid.uuid4(), WAYBILL, proof)
    assert state.is_shown is (proof is Proof.SHOWN)


@pytest.mark.parametrize(
    ("in_conversation", "on_parcel", "left"),
    [
        (0, 0, TRIES_IN_A_CONVERSATION),
        (4, 0, 1),
        (5, 0, 0),
        (9, 0, 0),
        (0, 16, 4),
        (0, 19, 1),
        (0, 20, 0),
        (3, 19, 1),
        (4, 15, 1),
    ],
)
def test_the_smaller_of_both_limits_counts(in_conversation: int, on_parcel: int, left: int) -> None:
    assert tries_left(in_conversation, on_parcel) == left


@given(st.integers(0, 100), st.integers(0, 100))
def test_one_more_wrong_try_never_leaves_more(in_conversation: int, on_parcel: int) -> None:
    before = tries_left(in_conversation, on_parcel)
    assert 0 <= tries_left(in_conversation + 1, on_parcel + 1) <= before
    assert before <= min(TRIES_IN_A_CONVERSATION, TRIES_ON_A_PARCEL)


def test_wrong_digits_on_a_parcel_count_for_a_day() -> None:
    assert NOW - window_start(NOW) == timedelta(hours=24)


async def talk(house: House, key: str = "one") -> uuid.UUID:
    async with house.db.transaction() as session:
        found = await conversations.open_conversation(session, "rest", f"demo/{key}", NOW)
    return found.id


async def tried(
    house: House,
    who: uuid.UUID,
    digits: str | None,
    waybill_no: str = WAYBILL,
    now: datetime = NOW,
) -> ProofState:
    """Try digits as a customer does: judged, then counted."""
    async with house.db.transaction() as session:
        state = await conversations.standing(
            session, who, waybill_no, given=digits, registered=ON_LABEL, now=now
        )
        return await conversations.remember_proof(session, state, now)


async def test_right_digits_are_kept_and_need_not_be_said_again(house: House) -> None:
    who = await talk(house)
    assert (await tried(house, who, "4562")).is_shown
    again = await tried(house, who, None)
    assert (again.proof, again.phone_tail, again.is_kept) == (Proof.SHOWN, "4562", True)


async def test_what_was_shown_stays_shown_whatever_is_said_later(house: House) -> None:
    who = await talk(house)
    await tried(house, who, "4562")
    assert (await tried(house, who, "0000")).is_shown


async def test_a_proof_is_for_one_parcel_and_one_conversation(house: House) -> None:
    one, other = await talk(house), await talk(house, "other")
    await tried(house, one, "4562")
    async with house.db.transaction() as session:
        shown = [
            await conversations.has_shown(session, who, waybill_no)
            for who, waybill_no in ((one, WAYBILL), (one, OTHER), (other, WAYBILL))
        ]
    assert shown == [True, False, False]


async def test_every_wrong_try_leaves_one_less(house: House) -> None:
    who = await talk(house)
    left = [(await tried(house, who, f"000{number}")).tries_left for number in range(5)]
    assert left == [4, 3, 2, 1, 0]
    last = await tried(house, who, "4562")
    assert (last.proof, last.is_shown) == (Proof.TOO_MANY_TRIES, False)


async def test_the_same_wrong_digits_are_one_try(house: House) -> None:
    who = await talk(house)
    await tried(house, who, "0000")
    await tried(house, who, "0000")
    assert (await tried(house, who, "0001")).tries_left == 3


async def test_nothing_said_costs_no_try(house: House) -> None:
    who = await talk(house)
    for _ in range(6):
        assert (await tried(house, who, None)).proof is Proof.NOT_SHOWN
    assert (await tried(house, who, "4562")).is_shown


async def test_a_parcel_is_closed_to_all_after_twenty_wrong_tries_and_opens_the_next_day(
    house: House,
) -> None:
    for number in range(4):
        who = await talk(house, f"guesser{number}")
        for digit in range(5):
            await tried(house, who, f"{number}{digit}00")
    late = await talk(house, "late")
    assert (await tried(house, late, "4562")).proof is Proof.TOO_MANY_TRIES
    assert (await tried(house, late, "4562", OTHER)).is_shown
    tomorrow = NOW + timedelta(hours=25)
    assert (await tried(house, late, "4562", now=tomorrow)).is_shown


async def test_a_state_that_is_no_try_is_not_written_down(house: House) -> None:
    who = await talk(house)
    for proof in (Proof.NOT_SHOWN, Proof.UNVERIFIABLE, Proof.TOO_MANY_TRIES):
        state = ProofState(who, WAYBILL, proof, "9999")
        async with house.db.transaction() as session:
            assert await conversations.remember_proof(session, state, NOW) is state
            assert await conversations.kept_digits(session, who, WAYBILL) is None


async def test_what_is_on_record_is_not_counted_again(house: House) -> None:
    who = await talk(house)
    kept = replace(await tried(house, who, "0000"), is_kept=True)
    async with house.db.transaction() as session:
        assert await conversations.remember_proof(session, kept, NOW) is kept
    assert (await tried(house, who, "0001")).tries_left == 3


async def test_digits_that_cannot_be_checked_yet_are_kept_and_prove_nothing(house: House) -> None:
    who = await talk(house)
    async with house.db.transaction() as session:
        await conversations.keep_digits(session, who, WAYBILL, "7777")
        assert await conversations.kept_digits(session, who, WAYBILL) == "7777"
        assert not await conversations.has_shown(session, who, WAYBILL)


async def test_digits_that_were_right_are_not_replaced_by_others(house: House) -> None:
    who = await talk(house)
    await tried(house, who, "4562")
    async with house.db.transaction() as session:
        await conversations.keep_digits(session, who, WAYBILL, "7777")
        assert await conversations.kept_digits(session, who, WAYBILL) == "4562"


async def test_a_conversation_nobody_has_begun_proves_nothing(house: House) -> None:
    with pytest.raises(UnknownConversation):
        await tried(house, uuid.uuid4(), "4562")
