"""Pages by cursor: an opaque text that says where the next page starts."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime

from ticketing.kernel.errors import HouseError


class BadCursor(HouseError):
    """The cursor is not one of ours."""

    status, code = 422, "bad_cursor"

    def __init__(self) -> None:
        super().__init__("翻页参数无效，请从第一页重新开始")


def encode_cursor(at: datetime, key: str) -> str:
    """Return the cursor for everything before this row."""
    return base64.urlsafe_b64encode(f"{at.isoformat()}|{key}".encode()).decode()


def decode_cursor(cursor: str) -> tuple[datetime, str]:
    """Return time and key; raise `BadCursor`."""
    try:
        at, _, key = base64.urlsafe_b64decode(cursor.encode()).decode().partition("|")
        parsed = datetime.fromisoformat(at)
    except (binascii.Error, ValueError) as error:
        raise BadCursor from error
    if parsed.tzinfo is None or "\x00" in key:
        raise BadCursor
    return parsed, key


def encode_parts(*parts: str) -> str:
    """Return the cursor made of several texts, none of which has a line break in it."""
    return base64.urlsafe_b64encode("\n".join(parts).encode()).decode()


def decode_parts(cursor: str, count: int) -> list[str]:
    """Return as many texts as a cursor was made of; raise `BadCursor`."""
    try:
        parts = base64.urlsafe_b64decode(cursor.encode()).decode().split("\n")
    except (binascii.Error, ValueError) as error:
        raise BadCursor from error
    if len(parts) != count or "\x00" in cursor or any("\x00" in part for part in parts):
        raise BadCursor
    return parts


def decode_time(text: str) -> datetime:
    """Return an aware time of a cursor, of our century; raise `BadCursor`."""
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise BadCursor from error
    if at.tzinfo is None or not 2000 <= at.year < 2100:
        raise BadCursor
    return at
