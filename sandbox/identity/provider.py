"""Codes and tokens: what the provider remembers, checks and signs."""

import base64
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID = "yiwen-console"
CLIENT_SECRET = "demo-oidc-client-secret"
CODE_LIVES = timedelta(seconds=60)
TOKEN_LIVES = timedelta(minutes=5)
KEY_ID = "sandbox-1"

Fault = Literal["none", "nonce", "key", "audience", "issuer", "expired", "silent"]


@dataclass(frozen=True)
class Employee:
    """Somebody the provider knows; `sub` never changes, the rest may."""

    sub: str
    name: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Granted:
    """What a code was given for."""

    username: str
    client_id: str
    redirect_uri: str
    nonce: str
    challenge: str
    at: datetime


class TokenRefused(Exception):
    """The token endpoint says no, in the words of RFC 6749, section 5.2."""

    def __init__(self, error: str, status: int = 400) -> None:
        super().__init__(error)
        self.error, self.status = error, status


@dataclass
class IdentityProvider:
    """The provider of one sandbox."""

    people: dict[str, Employee] = field(
        default_factory=lambda: {
            "wen": Employee("sub-0001", "文小姐", ("desk",)),
            "lin": Employee("sub-0002", "林组长", ("heads",)),
            "guo": Employee("sub-0003", "郭先生", ()),
        }
    )
    fault: Fault = "none"
    codes: dict[str, Granted] = field(default_factory=dict)

    @cached_property
    def key(self) -> rsa.RSAPrivateKey:
        """The key it signs with."""
        return rsa.generate_private_key(public_exponent=65537, key_size=2048)

    @property
    def jwks(self) -> dict[str, Any]:
        """Its public keys."""
        public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
        return {"keys": [{**public, "kid": KEY_ID, "use": "sig", "alg": "RS256"}]}

    def grant(self, granted: Granted) -> str:
        """Return a code, good once and for a minute."""
        code = secrets.token_urlsafe(24)
        self.codes[code] = granted
        return code

    def redeem(self, form: dict[str, str], issuer: str, now: datetime) -> dict[str, Any]:
        """Return the tokens for a code; raise `TokenRefused`."""
        if form.get("grant_type") != "authorization_code":
            raise TokenRefused("unsupported_grant_type")
        granted = self.codes.pop(form.get("code", ""), None)
        if granted is None or now - granted.at > CODE_LIVES:
            raise TokenRefused("invalid_grant")
        if form.get("redirect_uri") != granted.redirect_uri:
            raise TokenRefused("invalid_grant")
        if not hmac.compare_digest(challenge_of(form.get("code_verifier", "")), granted.challenge):
            raise TokenRefused("invalid_grant")
        token = self._id_token(granted, issuer, now)
        return {"access_token": secrets.token_urlsafe(24), "token_type": "Bearer", **token}

    def _id_token(self, granted: Granted, issuer: str, now: datetime) -> dict[str, Any]:
        employee, fault = self.people[granted.username], self.fault
        claims = {
            "iss": "https://elsewhere.example" if fault == "issuer" else issuer,
            "aud": "another-client" if fault == "audience" else granted.client_id,
            "sub": employee.sub,
            "iat": now,
            "exp": now - timedelta(hours=1) if fault == "expired" else now + TOKEN_LIVES,
            "nonce": "another" if fault == "nonce" else granted.nonce,
            "preferred_username": granted.username,
            "name": employee.name,
            "roles": list(employee.roles),
        }
        key = self.key
        if fault == "key":
            key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        signed = jwt.encode(claims, key, algorithm="RS256", headers={"kid": KEY_ID})
        return {"id_token": signed, "expires_in": int(TOKEN_LIVES.total_seconds())}


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a verifier, RFC 7636 section 4.2."""
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
