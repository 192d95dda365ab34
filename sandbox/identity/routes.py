"""The provider's doors, and those by which tests and demos arrange who works there."""

import base64
import binascii
import hmac
import html
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel

from sandbox.errors import ControlError
from sandbox.identity.provider import (
    CLIENT_ID,
    CLIENT_SECRET,
    Employee,
    Fault,
    Granted,
    IdentityProvider,
    TokenRefused,
)
from sandbox.staging import TheWorld

router = APIRouter(prefix="/identity", tags=["identity"])


class ClientUnknown(ControlError):
    """The provider does not know who is asking, so it sends nobody back there."""

    status, code = 400, "client_unknown"

    def __init__(self) -> None:
        super().__init__("这个应用没有登记，或回调地址不对")


class EmployeeIn(BaseModel):
    """Somebody who works there."""

    sub: str
    name: str
    roles: list[str] = []


class FaultIn(BaseModel):
    """What is wrong with the tokens from now on."""

    fault: Fault


class AskedIn(BaseModel):
    """An authorization request, Core section 3.1.2.1."""

    response_type: Literal["code"]
    client_id: str
    redirect_uri: str
    scope: str
    state: str
    nonce: str
    code_challenge: str
    code_challenge_method: Literal["S256"]
    login_hint: str = ""


async def provider_of(request: Request) -> IdentityProvider:
    """The provider of this sandbox."""
    provider: IdentityProvider = request.app.state.identity
    return provider


TheProvider = Annotated[IdentityProvider, Depends(provider_of)]


@router.get("/.well-known/openid-configuration")
async def discovery(request: Request, provider: TheProvider) -> Response:
    """Say where everything is."""
    if provider.fault == "silent":
        return Response(status_code=503)
    issuer = issuer_of(request)
    about = {
        "issuer": issuer,
        "authorization_endpoint": f"{issuer}/authorize",
        "token_endpoint": f"{issuer}/token",
        "jwks_uri": f"{issuer}/jwks",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "code_challenge_methods_supported": ["S256"],
    }
    return JSONResponse(about)


@router.get("/jwks")
async def jwks(provider: TheProvider) -> dict[str, Any]:
    """Show the public keys."""
    return provider.jwks


@router.get("/authorize", response_model=None)
async def authorize(
    asked: Annotated[AskedIn, Query()], provider: TheProvider, world: TheWorld
) -> HTMLResponse | RedirectResponse:
    """Let somebody choose who they are; with a login hint they are sent back at once."""
    if asked.client_id != CLIENT_ID or not asked.redirect_uri.startswith("http"):
        raise ClientUnknown
    if asked.login_hint not in provider.people:
        return HTMLResponse(_page(asked, provider))
    granted = Granted(
        asked.login_hint,
        asked.client_id,
        asked.redirect_uri,
        asked.nonce,
        asked.code_challenge,
        world.clock.real_now(),
    )
    brought = urlencode({"code": provider.grant(granted), "state": asked.state})
    return RedirectResponse(f"{asked.redirect_uri}?{brought}", 302)


@router.post("/token", response_model=None)
async def token(request: Request, provider: TheProvider, world: TheWorld) -> JSONResponse:
    """Give tokens for a code; the client proves itself by HTTP Basic."""
    form = {name: str(value) for name, value in (await request.form()).items()}
    try:
        if not _is_our_client(request.headers.get("authorization", "")):
            raise TokenRefused("invalid_client", 401)
        given = provider.redeem(form, issuer_of(request), world.clock.real_now())
    except TokenRefused as refused:
        return JSONResponse({"error": refused.error}, refused.status)
    return JSONResponse(given, headers={"Cache-Control": "no-store"})


@router.put("/people/{username}", status_code=204)
async def put_employee(username: str, body: EmployeeIn, provider: TheProvider) -> Response:
    """Let somebody work there, or be somebody else."""
    provider.people[username] = Employee(body.sub, body.name, tuple(body.roles))
    return Response(status_code=204)


@router.put("/fault", status_code=204)
async def put_fault(body: FaultIn, provider: TheProvider) -> Response:
    """Make the provider err."""
    provider.fault = body.fault
    return Response(status_code=204)


def issuer_of(request: Request) -> str:
    """How the provider names itself."""
    return f"{str(request.base_url).rstrip('/')}/identity"


def _is_our_client(header: str) -> bool:
    scheme, _, encoded = header.partition(" ")
    try:
        given = base64.b64decode(encoded, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return False
    wanted = f"{CLIENT_ID}:{CLIENT_SECRET}"
    return scheme.lower() == "basic" and hmac.compare_digest(given.encode(), wanted.encode())


def _page(asked: AskedIn, provider: IdentityProvider) -> str:
    query = asked.model_dump()
    links = "".join(
        f'<li><a href="?{html.escape(urlencode({**query, "login_hint": username}))}">'
        f"{html.escape(employee.name)} ({html.escape(username)})</a></li>"
        for username, employee in provider.people.items()
    )
    return (
        f'<!doctype html><html lang="zh"><title>企业账号</title><h1>选择身份</h1><ul>{links}</ul>'
    )
