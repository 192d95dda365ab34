"""No path leaves a closed ticket except opening it again."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from tests.ticketing.tickets.desk import OTHER_WAYBILL, WAYBILL, chat, opened
from tests.ticketing.tickets.hand import COLLEAGUE, KINDS, PLANS, REOPEN, VERBS, Hand, attempt
from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.tickets import chain, lookup, repository, steps
from ticketing.tickets.models import Ticket
from ticketing.workflow.machine import RunState, active_timers


@given(PLANS, st.tuples(KINDS, KINDS))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_a_closed_ticket_stays_closed_unless_it_is_opened_again(
    house: House, plan: list[tuple[str, bool]], kinds: tuple[str, str]
) -> None:
    async with house.db.transaction() as session:
        now = clock.now()
        await accounts.put_person(session, COLLEAGUE, "correct horse", Role.AGENT, now)
        pair = (
            await opened(session, kinds[0], now, waybill_no=WAYBILL),
            await opened(session, kinds[1], now, waybill_no=OTHER_WAYBILL),
        )
        hand = Hand(session, await chat(session, "customer"), now, *pair)
        for name, swapped in plan:
            before = [(ticket.state, ticket.reopened_count) for ticket in pair]
            hand.ticket, hand.other = reversed(pair) if swapped else pair
            await attempt(hand, getattr(hand, name))
            for each, (state, count) in zip(pair, before, strict=True):
                is_again = (
                    name == REOPEN and each is hand.ticket and each.reopened_count == count + 1
                )
                assert state != "closed" or each.state == "closed" or is_again
                assert each.reopened_count == count or is_again
                await check(session, each)
        await clear(session, hand)


async def check(session: AsyncSession, ticket: Ticket) -> None:
    """Check what always holds of a ticket."""
    is_closed = ticket.state == "closed"
    assert (ticket.closed_at is not None) == is_closed
    todo = await repository.open_steps(session, ticket.id)
    assert (todo == []) == is_closed
    if is_closed:
        process = await steps.process_of(session, ticket)
        assert active_timers(process, RunState.from_dict(ticket.run)) == ()
    assert (await chain.verify(session, ticket)).ok


async def clear(session: AsyncSession, hand: Hand) -> None:
    """End what is open, so that the next plan begins with tickets of its own."""
    for waybill_no in (WAYBILL, OTHER_WAYBILL):
        for ticket in await repository.of_waybill(session, waybill_no, 100):
            if ticket.state != "closed":
                locked = await lookup.ticket_by_no(session, ticket.ticket_no, lock=True)
                await steps.end(session, locked, outcome="withdrawn", by="anna", now=hand.now)


def test_every_verb_of_the_hand_is_tried() -> None:
    own = {name for name, value in vars(Hand).items() if callable(value) and name[0] != "_"}
    assert own == set(VERBS)
