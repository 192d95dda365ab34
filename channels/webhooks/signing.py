"""Secrets and headers of Standard Webhooks (standardwebhooks.com, symmetric signatures, v1)."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime

from standardwebhooks import Webhook

PREFIX = "whsec_"
_SECRET_BYTES = 32


def new_secret() -> str:
    """Return a fresh secret as a receiver's library wants it: `whsec_` and base64."""
    return PREFIX + base64.b64encode(secrets.token_bytes(_SECRET_BYTES)).decode()


def headers(event_id: str, body: bytes, secret: str, now: datetime) -> dict[str, str]:
    """Return the three headers for exactly this body; `event_id` is the same at each try."""
    signature = Webhook(secret).sign(event_id, now, body.decode())
    return {
        "webhook-id": event_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signature,
    }
