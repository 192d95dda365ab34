"""Keys made of SECRET_KEY, one for each purpose, and what they encrypt."""

from __future__ import annotations

import base64
from datetime import timedelta

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr


class NotOurs(ValueError):
    """What is to be decrypted is older than it may be, or was not encrypted with this key."""


class Box:
    """Encrypts texts for one purpose."""

    def __init__(self, secret_key: SecretStr, purpose: str) -> None:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"yiwen {purpose}".encode())
        key = derived.derive(secret_key.get_secret_value().encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(key))

    def close(self, text: str) -> str:
        """Return a text encrypted."""
        return self._fernet.encrypt(text.encode()).decode()

    def open(self, closed: str, no_older_than: timedelta | None = None) -> str:
        """Return what was encrypted; raise `NotOurs`."""
        ttl = int(no_older_than.total_seconds()) if no_older_than else None
        try:
            return self._fernet.decrypt(closed.encode(), ttl).decode()
        except InvalidToken as error:
            raise NotOurs from error
