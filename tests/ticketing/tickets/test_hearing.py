"""Who may hear of a ticket because of another one, without a database."""

from __future__ import annotations

import uuid

from hypothesis import given
from hypothesis import strategies as st

from ticketing.kernel import clock
from ticketing.tickets.hearing import Hearer, Target, followers, may_amend
from ticketing.tickets.models import TicketConversation

PEOPLE = [uuid.UUID(int=number) for number in range(4)]
ANNA, BERT, CARA, _ = PEOPLE


def row(who: uuid.UUID, *, opener: bool = False, proven: bool = False) -> TicketConversation:
    return TicketConversation(
        ticket_id=uuid.uuid4(),
        conversation_id=who,
        is_opener=opener,
        proven=proven,
        joined_at=clock.now(),
    )


def target(
    *, same: bool = False, new: bool = False, proven: set[uuid.UUID] | None = None, heard: int = 0
) -> Target:
    return Target(
        is_same_parcel=same,
        is_new=new,
        proven=proven or set(),
        heard_by=set(PEOPLE[3 : 3 + heard]),
    )


ROWS = st.lists(
    st.builds(row, st.sampled_from(PEOPLE), opener=st.booleans(), proven=st.booleans()),
    max_size=4,
    unique_by=lambda each: each.conversation_id,
)
TARGETS = st.builds(
    Target,
    is_same_parcel=st.booleans(),
    is_new=st.booleans(),
    proven=st.sets(st.sampled_from(PEOPLE)),
    heard_by=st.sets(st.sampled_from(PEOPLE)),
)


@given(ROWS, TARGETS)
def test_nobody_follows_who_did_not_hear_before(rows: list[TicketConversation], to: Target) -> None:
    heard = {each.conversation_id for each in rows if each.proven or each.is_opener}
    assert {hearer.conversation_id for hearer in followers(rows, to)} <= heard


@given(ROWS, TARGETS)
def test_a_proof_is_only_taken_over_for_the_parcel_it_was_given_for(
    rows: list[TicketConversation], to: Target
) -> None:
    proved = {each.conversation_id for each in rows if each.proven}
    for hearer in followers(rows, to):
        if hearer.proven:
            own = to.is_same_parcel and hearer.conversation_id in proved
            assert own or hearer.conversation_id in to.proven


@given(ROWS, TARGETS)
def test_without_a_proof_at_most_one_follows_and_only_where_nobody_else_hears(
    rows: list[TicketConversation], to: Target
) -> None:
    found = followers(rows, to)
    unproven = [hearer for hearer in found if not hearer.proven]
    if unproven:
        assert found == unproven
        assert to.heard_by <= {unproven[0].conversation_id}
        assert to.is_new or to.is_same_parcel


def test_of_an_older_ticket_about_another_parcel_only_the_proven_may_hear() -> None:
    rows = [row(ANNA, opener=True, proven=True), row(BERT, proven=True)]
    assert followers(rows, target()) == []
    assert followers(rows, target(proven={BERT})) == [Hearer(BERT, is_opener=False, proven=True)]


def test_the_only_one_who_hears_may_hear_of_what_was_opened_from_it() -> None:
    rows = [row(ANNA, proven=True), row(CARA)]
    assert followers(rows, target(new=True)) == [Hearer(ANNA, is_opener=True, proven=False)]
    assert followers([*rows, row(BERT, opener=True)], target(new=True)) == []
    assert followers(rows, target(new=True, heard=1)) == []


def test_what_our_own_people_or_a_proven_customer_say_may_add_to_another_ticket() -> None:
    others = [row(BERT, opener=True, proven=True)]
    assert may_amend([], others)
    assert may_amend([row(ANNA, proven=True)], others)
    assert not may_amend([row(ANNA, opener=True)], others)


def test_a_customer_who_has_shown_nothing_may_add_to_their_own_tickets_only() -> None:
    own = [row(ANNA, opener=True)]
    assert may_amend(own, [])
    assert may_amend(own, [row(ANNA, opener=True)])
    assert not may_amend(own, [row(BERT, opener=True)])
    assert not may_amend(own, [row(ANNA, proven=True)])
