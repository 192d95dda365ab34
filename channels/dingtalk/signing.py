"""The 钉钉 sign (加签) (protocol reference, notify section 1)."""

from __future__ import annotations

import base64
import hashlib
import hmac


def sign(timestamp_ms: int, secret: str) -> str:
    """Return the base64 signature, not yet URL-encoded: httpx encodes `params` itself."""
    text = f"{timestamp_ms}\n{secret}".encode()
    return base64.b64encode(hmac.new(secret.encode(), text, hashlib.sha256).digest()).decode()
