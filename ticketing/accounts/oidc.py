"""Single sign-on: OpenID Connect's authorization code flow with PKCE, as one provider's client.

What is decided here: who a person of the provider is to us, and as what. By OpenID Connect Core
1.0, section 3.1, and Discovery 1.0, section 4.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, Self
from urllib.parse import quote

import httpx
import jwt
from authlib.common.urls import add_params_to_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from ticketing.accounts.keys import Box, NotOurs
from ticketing.accounts.tokens import Role
from ticketing.kernel.errors import HouseError
from ticketing.kernel.settings import Settings

MAY_TAKE = timedelta(minutes=10)
"""How long somebody may stay at the provider."""

_SCOPE = "openid profile"
_ALGORITHMS = ("RS256", "ES256", "PS256")
_LEEWAY = timedelta(seconds=60)
_TIMEOUT = 10.0
_BY_RANK = (Role.ADMIN, Role.MANAGER, Role.LEAD, Role.TRAINER, Role.AGENT)


class OidcNotSetUp(HouseError):
    """There is no single sign-on here."""

    status, code = 404, "oidc_not_set_up"

    def __init__(self) -> None:
        super().__init__("这里没有启用企业账号登录")


class OidcUnavailable(HouseError):
    """The provider does not answer, or not as the protocol asks for."""

    status, code = 503, "oidc_unavailable"

    def __init__(self) -> None:
        super().__init__("企业账号登录暂时用不了，请稍后再试或用密码登录")


class OidcRefused(HouseError):
    """The provider, or we, do not let this person in."""

    status, code = 401, "oidc_refused"

    def __init__(self, why: str) -> None:
        super().__init__("企业账号登录没有成功，请重试或联系管理员")
        self.why = why


@dataclass(frozen=True)
class Errand:
    """What we must find again when somebody comes back from the provider."""

    state: str
    nonce: str
    verifier: str
    by: str = ""
    """Who was signed in here as they left."""

    @classmethod
    def begin(cls, by: str = "") -> Self:
        """Return an errand nobody can guess."""
        state, nonce, verifier = (secrets.token_urlsafe(length) for length in (32, 32, 48))
        return cls(state, nonce, verifier, by)

    def sealed(self, box: Box) -> str:
        """Return the errand as the browser keeps it, unreadable."""
        return box.close(json.dumps(asdict(self)))

    @classmethod
    def unsealed(cls, sealed: str, box: Box) -> Self:
        """Return the errand a browser brings back; raise `OidcRefused`."""
        try:
            return cls(**json.loads(box.open(sealed, MAY_TAKE)))
        except NotOurs as error:
            raise OidcRefused("stale") from error


@dataclass(frozen=True)
class Stranger:
    """Somebody the provider vouches for."""

    subject: str
    username: str
    display_name: str
    role: Role | None
    """What the provider's roles make them here; nothing where none is ours."""


class Provider:
    """The identity provider, as one of its clients sees it."""

    def __init__(self, settings: Settings, transport: httpx.AsyncBaseTransport | None = None):
        self._settings = settings
        self._transport = transport

    @property
    def label(self) -> str:
        """What the button says."""
        return self._settings.oidc_label

    async def address(self, errand: Errand, back: str) -> str:
        """Return where to send a browser; raise `OidcUnavailable`."""
        about = await self._about()
        asked = {
            "response_type": "code",
            "client_id": self._settings.oidc_client_id,
            "redirect_uri": back,
            "scope": _SCOPE,
            "state": errand.state,
            "nonce": errand.nonce,
            "code_challenge": create_s256_code_challenge(errand.verifier),
            "code_challenge_method": "S256",
        }
        return str(add_params_to_uri(about["authorization_endpoint"], list(asked.items())))

    async def stranger(self, code: str, errand: Errand, back: str) -> Stranger:
        """Return who has come back with a code; raise `OidcRefused`, `OidcUnavailable`."""
        about = await self._about()
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": errand.verifier,
        }
        token = await self._redeemed(about["token_endpoint"], form)
        claims = await self._claims(str(token.get("id_token", "")), about, errand)
        return self._named(claims)

    async def _redeemed(self, address: str, form: dict[str, str]) -> dict[str, Any]:
        """Return what a code is worth; we prove ourselves by HTTP Basic (RFC 6749, 2.3.1)."""
        client_id = quote(self._settings.oidc_client_id, safe="")
        secret = quote(self._settings.oidc_client_secret.get_secret_value(), safe="")
        try:
            async with self._http() as http:
                answer = await http.post(address, data=form, auth=(client_id, secret))
                answer.raise_for_status()
                token = answer.json()
        except httpx.HTTPStatusError as error:
            if error.response.is_server_error:
                raise OidcUnavailable from error
            raise OidcRefused("code") from error
        except (httpx.HTTPError, ValueError) as error:
            raise OidcUnavailable from error
        return token if isinstance(token, dict) else {}

    def _http(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self._transport, timeout=_TIMEOUT)

    async def _about(self) -> dict[str, Any]:
        issuer = self._settings.oidc_issuer
        about = await self._fetched(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        wanted = ("authorization_endpoint", "token_endpoint", "jwks_uri")
        if about.get("issuer") != issuer or not all(
            isinstance(about.get(name), str) for name in wanted
        ):
            raise OidcUnavailable
        return about

    async def _fetched(self, address: str) -> dict[str, Any]:
        try:
            async with self._http() as http:
                answer = (await http.get(address)).raise_for_status().json()
        except (httpx.HTTPError, ValueError) as error:
            raise OidcUnavailable from error
        if not isinstance(answer, dict):
            raise OidcUnavailable
        return answer

    async def _claims(
        self, id_token: str, about: Mapping[str, Any], errand: Errand
    ) -> dict[str, Any]:
        try:
            keys = jwt.PyJWKSet.from_dict(await self._fetched(about["jwks_uri"]))
            key = keys[jwt.get_unverified_header(id_token)["kid"]]
            claims: dict[str, Any] = jwt.decode(
                id_token,
                key,
                algorithms=list(_ALGORITHMS),
                audience=self._settings.oidc_client_id,
                issuer=self._settings.oidc_issuer,
                leeway=_LEEWAY,
                options={"require": ["exp", "iat", "sub", "aud", "iss"]},
            )
        except (jwt.PyJWTError, KeyError) as error:
            raise OidcRefused("id_token") from error
        if not secrets.compare_digest(str(claims.get("nonce", "")), errand.nonce):
            raise OidcRefused("nonce")
        return claims

    def _named(self, claims: Mapping[str, Any]) -> Stranger:
        username = str(claims.get(self._settings.oidc_username_claim) or "")
        given = claims.get(self._settings.oidc_roles_claim) or []
        theirs = {given} if isinstance(given, str) else set(map(str, given))
        ours = {role for name, role in mapping_of(self._settings).items() if name in theirs}
        highest = next((role for role in _BY_RANK if role in ours), None)
        shown = str(claims.get("name") or username)[:80]
        return Stranger(str(claims["sub"]), username, shown, highest)


def mapping_of(settings: Settings) -> dict[str, Role]:
    """Return which of the provider's roles is which of ours."""
    pairs = (pair.partition("=") for pair in settings.oidc_roles.split(",") if "=" in pair)
    return {theirs.strip(): Role(ours.strip()) for theirs, _, ours in pairs}


def provider_of(settings: Settings) -> Provider | None:
    """Return the provider, where one is set up."""
    return Provider(settings) if settings.oidc_issuer and settings.oidc_client_id else None


def box(settings: Settings) -> Box:
    """Return what errands are sealed with."""
    return Box(settings.secret_key, "oidc errand")
