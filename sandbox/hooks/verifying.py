"""What a receiver checks of a Standard Webhooks request (standardwebhooks.com, version 1)."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta

TOLERANCE = timedelta(minutes=5)
PREFIX = "whsec_"


def problem_of(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> str | None:
    """Why a request is not to be trusted; None when it is. Header names are lower-case."""
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    event_id, timestamp, signatures = (headers.get(name, "") for name in names)
    if not (event_id and timestamp and signatures):
        return "missing_header"
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= 12):
        return "invalid_timestamp"
    if abs(int(timestamp) - now.timestamp()) > TOLERANCE.total_seconds():
        return "timestamp_out_of_tolerance"
    content = f"{event_id}.{timestamp}.".encode() + body
    wanted = hmac.new(key_of(secret), content, hashlib.sha256).digest()
    given = [entry.removeprefix("v1,") for entry in signatures.split(" ") if entry[:3] == "v1,"]
    return None if any(_is_equal(entry, wanted) for entry in given) else "no_matching_signature"


def key_of(secret: str) -> bytes:
    """The bytes behind `whsec_…`."""
    return base64.b64decode(secret.removeprefix(PREFIX))


def _is_equal(entry: str, wanted: bytes) -> bool:
    try:
        return hmac.compare_digest(base64.b64decode(entry), wanted)
    except binascii.Error:
        return False
