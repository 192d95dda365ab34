"""Every paper can be printed about every kind of ticket, with as little as may be known."""

from __future__ import annotations

import pytest

from tests.ticketing.printing.made import NOW, PRINTED, sheet
from tests.ticketing.printing.reading import text_of
from ticketing.printing.press import Press
from ticketing.printing.sheets import TicketFile
from ticketing.printing.specimen import specimen
from ticketing.tickets.kinds import ticket_kinds

PRESS = Press()


def bare(kind: str) -> TicketFile:
    """A ticket of which nothing is known but that there is one."""
    whole = specimen(NOW)
    ticket = whole.ticket
    ticket.kind, ticket.details, ticket.words = kind, {}, []
    ticket.waybill_no = ticket.role = ticket.contact_phone = ticket.queue = ticket.assignee = None
    ticket.snapshot = {"waybill_no": None, "carrier_code": None, "status": None, "events": []}
    return TicketFile(
        ticket=ticket, steps=[], changes=whole.changes[:1], pack=whole.pack, carrier_name=""
    )


@pytest.mark.parametrize("kind", ticket_kinds())
async def test_a_ticket_of_any_kind_is_printed(kind: str) -> None:
    label = ticket_kinds()[kind].label
    for name in PRINTED:
        assert label in text_of(await PRESS.print_pdf(sheet(name, bare(kind))))


async def test_what_is_unknown_is_left_to_be_filled_in() -> None:
    claim = text_of(await PRESS.print_pdf(sheet("claim_application", bare("damage"))))
    assert "未声明" in claim
    assert "未保价" in claim
    assert "待核定" in claim
    for step in ("客服初审", "仓库核实", "理赔定责", "财务打款"):
        assert step in claim


async def test_nothing_is_printed_as_none() -> None:
    for name in PRINTED:
        text = text_of(await PRESS.print_pdf(sheet(name, bare("lost")))).lower()
        assert "none" not in text
        assert "null" not in text
