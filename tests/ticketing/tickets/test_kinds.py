"""The kinds of tickets there are."""

from __future__ import annotations

import pytest

from ticketing.tickets.kinds import Priority, UnknownTicketKind, ticket_kind, ticket_kinds


def test_every_kind_has_a_label_of_its_own_and_a_priority() -> None:
    kinds = ticket_kinds().values()
    assert len({kind.label for kind in kinds}) == len(kinds) == 15
    assert {kind.priority for kind in kinds} == {Priority.NORMAL, Priority.HIGH}


def test_some_kinds_may_do_without_a_parcel() -> None:
    assert [k.name for k in ticket_kinds().values() if not k.needs_parcel] == [
        "complaint",
        "pickup",
        "invoice",
    ]


def test_a_kind_nobody_knows_is_refused_with_those_there_are() -> None:
    with pytest.raises(UnknownTicketKind) as caught:
        ticket_kind("boredom")
    assert caught.value.facts["kinds"] == sorted(ticket_kinds())
