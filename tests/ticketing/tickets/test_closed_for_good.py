"""No path leaves a closed ticket except opening it again."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from tests.support.filling import filled
from tests.ticketing.tickets.desk import OTHER_WAYBILL, WAYBILL, chat, opened
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.errors import HouseError
from ticketing.tickets import chain, lookup, repository, steps
from ticketing.tickets import service as tickets
from ticketing.tickets.kinds import Priority
from ticketing.tickets.links import link
from ticketing.tickets.merging import merge
from ticketing.tickets.models import Ticket
from ticketing.tickets.reopening import reopen
from ticketing.tickets.splitting import Part, split
from ticketing.tickets.steps import Doing
from ticketing.workflow.machine import RunState, active_timers

REOPEN = "reopen"


@dataclass
class Hand:
    """A hand that does one thing after another to two tickets."""

    session: AsyncSession
    who: uuid.UUID
    now: datetime
    ticket: Ticket
    other: Ticket
    count: int = 0

    async def complete(self) -> None:
        """Complete a current step, or the first one that ever was."""
        rows = await repository.open_steps(self.session, self.ticket.id)
        row = rows[0] if rows else (await repository.steps(self.session, self.ticket.id))[0]
        data = filled(row.form) if row.form else {}
        doing = Doing(by="anna", data=data)
        await steps.complete_step(self.session, self.ticket.ticket_no, row.step, doing, self.now)

    async def hurry(self) -> None:
        """Complete whatever is to be done, until the ticket is closed."""
        while self.ticket.state != "closed":
            await self.complete()

    async def send_back(self) -> None:
        """Give the last step back to the first one."""
        rows = await repository.steps(self.session, self.ticket.id)
        doing = Doing(by="anna", note="不对")
        number, last, first = self.ticket.ticket_no, rows[-1].step, rows[0].step
        await steps.send_back(self.session, number, last, doing, to=first, now=self.now)

    async def fire(self) -> None:
        """Let every timer of the process fire."""
        process = await steps.process_of(self.session, self.ticket)
        for timer in process.timers:
            await steps.fire_timer(self.session, self.ticket.ticket_no, timer.name, self.now)

    async def withdraw(self) -> None:
        """Take the ticket back."""
        await steps.withdraw(self.session, self.ticket.ticket_no, self.who, self._cause(), self.now)

    async def add_words(self) -> None:
        """Say something more."""
        number, cause = self.ticket.ticket_no, self._cause()
        await tickets.add_evidence(self.session, number, ("还有",), cause, self.now)

    async def press(self) -> None:
        """Make the ticket urgent."""
        await tickets.change_priority(
            self.session, self.ticket, Priority.URGENT, by="anna", now=self.now
        )

    async def merge(self) -> None:
        """Make the ticket part of the other one."""
        numbers = self.ticket.ticket_no, self.other.ticket_no
        await merge(self.session, *numbers, by="anna", now=self.now)

    async def split(self) -> None:
        """Make an invoice of a part of the self.ticket."""
        part = Part("invoice", None, ("开发票",))
        await split(self.session, self.ticket.ticket_no, part, by="anna", now=self.now)

    async def tie(self) -> None:
        """Say that the other one is its parent."""
        numbers = self.ticket.ticket_no, self.other.ticket_no
        await link(self.session, *numbers, "parent", by="anna", now=self.now)

    async def complain(self) -> None:
        """Complain of the same once more."""
        await opened(self.session, self.ticket.kind, self.now, waybill_no=self.ticket.waybill_no)

    async def reopen(self) -> None:
        """Open the ticket again."""
        await reopen(self.session, self.ticket.ticket_no, "又坏了", by="anna", now=self.now)

    async def wait(self) -> None:
        """Let days pass."""
        self.now += timedelta(days=9)

    def _cause(self) -> str:
        self.count += 1
        return f"{self.who}/{self.count}"


VERBS = (
    "complete",
    "hurry",
    "send_back",
    "fire",
    "withdraw",
    "add_words",
    "press",
    "merge",
    "split",
    "tie",
    "complain",
    REOPEN,
    "wait",
)

PLANS = st.lists(st.tuples(st.sampled_from(VERBS), st.booleans()), min_size=3, max_size=14)


@given(PLANS)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
async def test_a_closed_ticket_stays_closed_unless_it_is_opened_again(
    house: House, plan: list[tuple[str, bool]]
) -> None:
    async with house.db.transaction() as session:
        now = clock.now()
        pair = (
            await opened(session, "delay", now, waybill_no=WAYBILL),
            await opened(session, "complaint", now, waybill_no=OTHER_WAYBILL),
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


async def attempt(hand: Hand, verb: Callable[[], Awaitable[None]]) -> None:
    """Try something; what is refused leaves nothing behind."""
    try:
        async with hand.session.begin_nested():
            await verb()
    except HouseError:
        for each in (hand.ticket, hand.other):
            await hand.session.refresh(each)


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
