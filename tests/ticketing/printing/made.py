"""Sheets to print in tests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from ticketing.printing.papers import LETTERHEAD, Paper, paper, stationery
from ticketing.printing.press import Sheet
from ticketing.printing.sheets import TicketFile, fill
from ticketing.printing.specimen import specimen

NOW = datetime(2026, 11, 22, 6, 5, tzinfo=UTC)
PRINTED = ("complaint_resolution", "claim_application", "ticket_detail")


def sheet(
    name: str = "ticket_detail",
    file: TicketFile | None = None,
    source: str | None = None,
    data: Mapping[str, Any] | None = None,
) -> Sheet:
    """A paper about a ticket, or about the specimen, as the house would order it."""
    wanted: Paper = paper(name)
    parts = (
        ("stationery", stationery()),
        ("letterhead", LETTERHEAD.shipped_source),
        (name, source if source is not None else wanted.shipped_source),
    )
    filled = {**fill(wanted, file or specimen(NOW), NOW), **(data or {})}
    return Sheet(parts, filled, NOW, blamed=name)


def said(*words: str) -> TicketFile:
    """The specimen, with other words of the customer."""
    file = specimen(NOW)
    file.ticket.words = list(words)
    return replace(file)
