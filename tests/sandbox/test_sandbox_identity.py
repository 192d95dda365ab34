"""The stand-in for an identity provider keeps to OpenID Connect and to PKCE."""

import base64
import hashlib
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from sandbox.identity.provider import CLIENT_ID, CLIENT_SECRET, challenge_of

BACK = "http://house/callback"
VERIFIER = "a-verifier-of-at-least-forty-three-characters-long"
BASIC = (CLIENT_ID, CLIENT_SECRET)


def asked(**changed: str) -> dict[str, str]:
    """An authorization request as it should be, but for what is changed."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest())
    return {
        "response_type": "code",
        "client_id": CLIENT_ID,
        "redirect_uri": BACK,
        "scope": "openid profile",
        "state": "s1",
        "nonce": "n1",
        "code_challenge": challenge.rstrip(b"=").decode(),
        "code_challenge_method": "S256",
        **changed,
    }


async def code_for(client: httpx.AsyncClient, who: str = "wen") -> str:
    """A code for somebody."""
    sent = await client.get("/identity/authorize", params=asked(login_hint=who))
    assert sent.status_code == 302
    brought = parse_qs(urlsplit(sent.headers["location"]).query)
    assert brought["state"] == ["s1"]
    return brought["code"][0]


async def redeem(client: httpx.AsyncClient, code: str, **changed: Any) -> httpx.Response:
    """Ask for the tokens of a code."""
    auth = changed.pop("auth", BASIC)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": BACK,
        "code_verifier": VERIFIER,
        **changed,
    }
    return await client.post("/identity/token", data=form, auth=auth)


async def test_it_says_where_everything_is_under_its_own_name(client: httpx.AsyncClient) -> None:
    about = (await client.get("/identity/.well-known/openid-configuration")).json()
    assert about["issuer"] == "http://sandbox/identity"
    assert about["code_challenge_methods_supported"] == ["S256"]
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        assert about[name].startswith(about["issuer"])


async def test_a_code_is_worth_a_token_signed_with_the_published_key(
    client: httpx.AsyncClient,
) -> None:
    given = await redeem(client, await code_for(client))
    assert given.headers["cache-control"] == "no-store"
    keys = jwt.PyJWKSet.from_dict((await client.get("/identity/jwks")).json())
    token = given.json()["id_token"]
    claims = jwt.decode(
        token,
        keys[jwt.get_unverified_header(token)["kid"]],
        algorithms=["RS256"],
        audience=CLIENT_ID,
        issuer="http://sandbox/identity",
        options={"verify_exp": False, "verify_iat": False},
    )
    assert (claims["sub"], claims["nonce"], claims["roles"]) == ("sub-0001", "n1", ["desk"])
    assert claims["preferred_username"] == "wen"


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"code": "another"}, "invalid_grant"),
        ({"code_verifier": "another"}, "invalid_grant"),
        ({"redirect_uri": "http://elsewhere/"}, "invalid_grant"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"auth": (CLIENT_ID, "wrong")}, "invalid_client"),
    ],
)
async def test_what_does_not_fit_the_code_is_refused(
    client: httpx.AsyncClient, changed: dict[str, Any], error: str
) -> None:
    code = changed.pop("code", await code_for(client))
    refused = await redeem(client, code, **changed)
    assert refused.json() == {"error": error}
    assert refused.status_code == (401 if error == "invalid_client" else 400)


async def test_a_code_is_good_once(client: httpx.AsyncClient) -> None:
    code = await code_for(client)
    assert (await redeem(client, code)).status_code == 200
    assert (await redeem(client, code)).json() == {"error": "invalid_grant"}


async def test_who_gives_no_hint_chooses_on_a_page(client: httpx.AsyncClient) -> None:
    page = await client.get("/identity/authorize", params=asked(state="<s>"))
    assert page.status_code == 200
    assert "文小姐" in page.text
    assert "<s>" not in page.text


@pytest.mark.parametrize(
    ("changed", "status"),
    [
        ({"client_id": "another"}, 400),
        ({"redirect_uri": "javascript:alert(1)"}, 400),
        ({"code_challenge_method": "plain"}, 422),
        ({"response_type": "token"}, 422),
    ],
)
async def test_a_request_out_of_order_sends_nobody_back(
    client: httpx.AsyncClient, changed: dict[str, str], status: int
) -> None:
    refused = await client.get("/identity/authorize", params=asked(**changed))
    assert refused.status_code == status


async def test_a_client_that_proves_nothing_gets_nothing(client: httpx.AsyncClient) -> None:
    for header in ("", "Basic !!!", "Bearer x", "Basic //79"):
        headers = {"Authorization": header} if header else {}
        refused = await client.post("/identity/token", data={}, headers=headers)
        assert (refused.status_code, refused.json()) == (401, {"error": "invalid_client"})


def test_the_challenge_is_that_of_rfc_7636() -> None:
    verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    assert challenge_of(verifier) == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
