"""What crosses the wire about accounts."""

from __future__ import annotations

from pydantic import BaseModel


class TokenOut(BaseModel):
    """An access token, in OAuth2's own names."""

    access_token: str
    token_type: str = "bearer"
    expires_in: int
