"""How much is measured, and what is to be reached."""

from __future__ import annotations

from dataclasses import dataclass

TURNS_AT = (1, 16)
TICKETS_AT = (1, 4)
SHARE_OF_STOCK = 0.8
TURNS_PER_SECOND = 70.0
TICKET_P95_MS = 400.0
START_SECONDS = 40.0
TOGETHER_MB = 2.5 * 1024
TRAINING_SECONDS = 120.0
MESSAGE_P50_MS = 5.0
MESSAGE_P95_MS = 25.0
BOT_MB = 900.0
OPEN_P95_MS = 30.0
OPENED_PER_SECOND = 150.0
COMPLETE_P95_MS = 30.0
LIST_P95_MS = 50.0
LIST_STATEMENTS = 5
SEARCH_P95_MS = 150.0
DESK_AT = (1, 8)
RUSH_AT = 16
TALKS_AT = 200
TALK_P95_MS = 150.0
IDLE_MB = 400.0
CONSOLE_KB = 350.0
WIDGET_KB = 60.0
USABLE_MS = 1500.0
SWITCH_MS = 100.0


@dataclass(frozen=True)
class Counts:
    """So many conversations of so many turns in a cell, so many tickets, training or not.

    At the desk: so many tickets there are, so many of each sort of request, so many clocks; so
    many exchanges of each of 200 conversations, so many widgets, loads of the page and switches.
    """

    conversations: int = 32
    turns_each: int = 10
    tickets: int = 40
    train: bool = True
    filed: int = 150_000
    requests: int = 1500
    clocks: int = 10_000
    exchanges: int = 3
    widgets: int = 1000
    loads: int = 9
    switches: int = 24


FULL = Counts()
QUICK = Counts(
    conversations=16,
    turns_each=5,
    tickets=12,
    train=False,
    filed=15_000,
    requests=300,
    clocks=1000,
    exchanges=1,
    widgets=200,
    loads=3,
    switches=20,
)
