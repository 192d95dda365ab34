"""Identifiers and secret tokens."""

from __future__ import annotations

import hashlib
import secrets
import uuid


def new_id() -> uuid.UUID:
    """Return a fresh random id."""
    return uuid.uuid4()


def new_token() -> str:
    """Return a secret of 256 bits, URL-safe."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Return what is stored of a secret token: its SHA-256, hexadecimal."""
    return hashlib.sha256(token.encode()).hexdigest()
