"""What the routes of this room find in the running process."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends
from starlette.requests import HTTPConnection

from ticketing.inbox.bot import BotClient
from ticketing.inbox.service import Inbox
from ticketing.inbox.tracking import Tracker


async def get_inbox(connection: HTTPConnection) -> Inbox:
    """Return the inbox of this process."""
    inbox: Inbox = connection.app.state.inbox
    return inbox


async def get_tracker(connection: HTTPConnection) -> Tracker:
    """Return the tracker of this process."""
    tracker: Tracker = connection.app.state.tracker
    return tracker


async def get_bot(connection: HTTPConnection) -> BotClient:
    """Return the bot's client of this process."""
    bot: BotClient = connection.app.state.bot
    return bot


InboxDep = Annotated[Inbox, Depends(get_inbox)]
TrackerDep = Annotated[Tracker, Depends(get_tracker)]
BotDep = Annotated[BotClient, Depends(get_bot)]
