"""The 钉钉 sign (加签), section 1 of the notification protocol page."""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)


def dingtalk_sign(timestamp: str, secret: str) -> str:
    """base64 of HMAC-SHA256 over `timestamp` newline `secret`, keyed with the secret."""
    digest = hmac.new(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def is_timely(timestamp: str, now: datetime) -> bool:
    """Whether 13 digits of milliseconds are within an hour of the server's clock."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) == 13):
        return False
    return abs(int(timestamp) / 1000 - now.timestamp()) <= WINDOW.total_seconds()
