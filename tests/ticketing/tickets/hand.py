"""A hand that does to tickets, one after the other, whatever may be done to them."""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from sqlalchemy.ext.asyncio import AsyncSession

from tests.support.filling import filled
from tests.ticketing.tickets.desk import opened
from ticketing.forms import walk
from ticketing.forms.shipped import shipped
from ticketing.kernel.errors import HouseError
from ticketing.routing import by_hand
from ticketing.routing.by_hand import Deed
from ticketing.sla import service as sla
from ticketing.tickets import repository, steps
from ticketing.tickets import service as tickets
from ticketing.tickets.kinds import Priority, ticket_kinds
from ticketing.tickets.links import link
from ticketing.tickets.merging import merge
from ticketing.tickets.models import Ticket
from ticketing.tickets.reopening import reopen
from ticketing.tickets.splitting import Part, split
from ticketing.tickets.steps import Doing

REOPEN = "reopen"
COLLEAGUE = "bob"


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

    async def ask(self) -> None:
        """Go on until the customer is asked, or the ticket is closed."""
        while self.ticket.state != "closed":
            rows = await repository.open_steps(self.session, self.ticket.id)
            if any(row.role == "customer" for row in rows):
                return
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
        """Make an invoice of a part of the ticket."""
        part = Part("invoice", self.ticket.waybill_no, ("开发票",))
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

    async def answer_late(self) -> None:
        """Answer what silence was taken for, and otherwise than it was taken."""
        rows = await repository.steps(self.session, self.ticket.id)
        row = next((each for each in rows if each.outcome == "timed_out"), rows[-1])
        doing = Doing(by="customer", data=_otherwise(row.form) if row.form else {})
        await steps.answer_late(self.session, self.ticket.ticket_no, row.step, doing, self.now)

    async def claim(self) -> None:
        """Take a step for oneself."""
        await by_hand.claim(self.session, await self._deed(), self.now)

    async def release(self) -> None:
        """Put a step back."""
        await by_hand.release(self.session, await self._deed(), self.now)

    async def assign(self) -> None:
        """Give a step to somebody."""
        await by_hand.assign(self.session, await self._deed(), COLLEAGUE, self.now)

    async def hand_over(self) -> None:
        """Let the warehouse go on."""
        await by_hand.hand_over(self.session, await self._deed(), "warehouse", self.now)

    async def add_file(self) -> None:
        """Send a file in."""
        number, file_id = self.ticket.ticket_no, uuid.uuid4()
        await tickets.add_file(self.session, number, file_id, "0" * 64, self.now)

    async def pause(self) -> None:
        """Stop the clocks."""
        await sla.pause(self.session, self.ticket.ticket_no, "anna", self.now)

    async def resume(self) -> None:
        """Let the clocks go on."""
        await sla.resume(self.session, self.ticket.ticket_no, "anna", self.now)

    async def wait(self) -> None:
        """Let days pass."""
        self.now += timedelta(days=9)

    async def _deed(self) -> Deed:
        rows = await repository.open_steps(self.session, self.ticket.id)
        row = rows[-1] if rows else (await repository.steps(self.session, self.ticket.id))[0]
        number = self.ticket.ticket_no
        return Deed(ticket_no=number, step=row.step, by="anna", is_lead=True, note="请接着办")

    def _cause(self) -> str:
        self.count += 1
        return f"{self.who}/{self.count}"


VERBS = (
    "complete",
    "hurry",
    "ask",
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
    "answer_late",
    "claim",
    "release",
    "assign",
    "hand_over",
    "add_file",
    "pause",
    "resume",
    "wait",
)

PLANS = st.lists(st.tuples(st.sampled_from(VERBS), st.booleans()), min_size=3, max_size=14)
"""What is done, and whether to the second ticket."""
KINDS = st.sampled_from(sorted(ticket_kinds()))


async def attempt(hand: Hand, verb: Callable[[], Awaitable[None]]) -> bool:
    """Try something; what is refused leaves nothing behind. Tell whether it was done."""
    try:
        async with hand.session.begin_nested():
            await verb()
    except HouseError:
        for each in (hand.ticket, hand.other):
            await hand.session.refresh(each)
        return False
    return True


def _otherwise(form: str) -> dict[str, Any]:
    asked = walk.next_question(shipped()[form], {})
    if asked is None or not asked.choices:
        return filled(form)
    return filled(form, **{asked.key: asked.choices[-1].value})
