"""Tokens: whom they speak for, until when, and everything that makes one worthless."""

from __future__ import annotations

import base64
import json
import uuid
from datetime import timedelta
from typing import Any

import httpx
import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ticketing.people import sign_in
from ticketing.accounts import service
from ticketing.accounts.tokens import LIFETIME, Caller, Role, is_assistant, issue, read
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.errors import NotSignedIn

SECRET = "a-secret-key-of-at-least-32-bytes"
ANNA = Caller("anna", Role.AGENT)


def made(**claims: Any) -> str:
    """Return a well signed token of these claims; what is None is left out."""
    usual = {"sub": "anna", "role": "agent", "aud": "yiwen", "exp": clock.now() + LIFETIME}
    kept = {name: value for name, value in {**usual, **claims}.items() if value is not None}
    return jwt.encode(kept, SECRET, algorithm="HS256")


def with_claims(token: str, **claims: Any) -> str:
    """Return a token whose claims were changed after it was signed."""
    head, body, seal = token.split(".")
    said = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    changed = base64.urlsafe_b64encode(json.dumps({**said, **claims}).encode()).rstrip(b"=")
    return f"{head}.{changed.decode()}.{seal}"


@pytest.mark.parametrize("role", Role)
def test_a_token_says_again_who_and_in_which_role(role: Role) -> None:
    caller = Caller("王小明@shop", role)
    assert read(issue(caller, SECRET, clock.now()), SECRET) == caller


@pytest.mark.parametrize("left", [timedelta(minutes=1), LIFETIME])
def test_a_token_counts_until_its_time_is_over(left: timedelta) -> None:
    signed = issue(ANNA, SECRET, clock.now() - LIFETIME + left)
    assert read(signed, SECRET) == ANNA


@pytest.mark.parametrize("over", [timedelta(seconds=1), timedelta(days=400)])
def test_a_token_whose_time_is_over_counts_no_more(over: timedelta) -> None:
    with pytest.raises(NotSignedIn):
        read(issue(ANNA, SECRET, clock.now() - LIFETIME - over), SECRET)


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "another-house"},
        {"aud": None},
        {"exp": None},
        {"sub": None},
        {"role": None},
        {"role": "emperor"},
        {"role": ""},
        {"sub": 7},
        {"exp": "tomorrow"},
    ],
    ids=lambda each: "-".join(f"{name}={value}" for name, value in each.items()),
)
def test_a_token_that_lacks_something_speaks_for_nobody(claims: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        read(made(**claims), SECRET)


@pytest.mark.parametrize(
    "claims",
    [{"role": "manager"}, {"sub": "mina"}, {"exp": 4_000_000_000}, {"aud": ["yiwen"]}],
    ids=lambda each: next(iter(each)),
)
def test_a_token_that_was_tampered_with_speaks_for_nobody(claims: dict[str, Any]) -> None:
    with pytest.raises(NotSignedIn):
        read(with_claims(issue(ANNA, SECRET, clock.now()), **claims), SECRET)


def test_a_token_without_a_signature_speaks_for_nobody() -> None:
    claims = {"sub": "mina", "role": "manager", "aud": "yiwen", "exp": 4_000_000_000}
    with pytest.raises(NotSignedIn):
        read(jwt.encode(claims, "", algorithm="none"), SECRET)


def test_a_token_signed_another_way_speaks_for_nobody() -> None:
    claims = {"sub": "mina", "role": "manager", "aud": "yiwen", "exp": 4_000_000_000}
    with pytest.raises(NotSignedIn):
        read(jwt.encode(claims, SECRET * 2, algorithm="HS512"), SECRET * 2)


def test_each_half_of_two_tokens_is_worth_nothing() -> None:
    one = issue(ANNA, SECRET, clock.now()).rpartition(".")
    other = issue(Caller("mina", Role.MANAGER), SECRET, clock.now()).rpartition(".")
    with pytest.raises(NotSignedIn):
        read(f"{other[0]}.{one[2]}", SECRET)


@given(st.text(max_size=200))
def test_whatever_is_no_token_speaks_for_nobody(text: str) -> None:
    with pytest.raises(NotSignedIn):
        read(text, SECRET)


@pytest.mark.parametrize(
    ("token", "is_right"),
    [("shared", True), ("Shared", False), ("shared ", False), ("", False), ("共享", False)],
)
def test_the_assistants_token_is_compared_whole(token: str, is_right: bool) -> None:
    assert is_assistant(token, "shared") is is_right


async def me(api: httpx.AsyncClient, authorization: str | None) -> httpx.Response:
    headers = {} if authorization is None else {"Authorization": authorization}
    return await api.get("/api/me", headers=headers)


@pytest.mark.usefixtures("house")
async def test_what_is_no_bearer_token_is_not_signed_in(api: httpx.AsyncClient) -> None:
    good = issue(ANNA, SECRET, clock.now())
    for sent in (None, "", "Bearer", "Bearer ", f"Basic {good}", good, "Bearer nonsense"):
        answer = await me(api, sent)
        assert (sent, answer.status_code) == (sent, 401)
        assert answer.json()["error"] == "not_signed_in"


async def test_a_token_says_which_sign_in_it_belongs_to() -> None:
    sid = uuid.uuid4()
    signed = issue(Caller("anna", Role.AGENT, sid), SECRET, clock.now())
    assert read(signed, SECRET).sid == sid
    assert read(issue(ANNA, SECRET, clock.now()), SECRET).sid is None
    assert read(made(sid=7), SECRET).sid is None
    with pytest.raises(NotSignedIn):
        read(made(sid="no sign-in"), SECRET)


async def test_a_well_signed_token_of_nobody_is_not_signed_in(api: httpx.AsyncClient) -> None:
    stranger = issue(Caller("nobody", Role.MANAGER), SECRET, clock.now())
    assert (await me(api, f"Bearer {stranger}")).status_code == 401


async def test_the_word_bearer_may_be_written_in_any_case(
    api: httpx.AsyncClient, assistant: dict[str, str]
) -> None:
    token = assistant["Authorization"].partition(" ")[2]
    for word in ("Bearer", "bearer", "BEARER"):
        assert (await me(api, f"{word} {token}")).json()["role"] == "assistant"


async def test_who_becomes_a_lead_may_more_without_signing_in_again(
    house: House, api: httpx.AsyncClient
) -> None:
    anna = await sign_in(house, api, "anna", Role.AGENT)
    assert (await api.get("/api/me", headers=anna)).json()["role"] == "agent"
    async with house.db.transaction() as session:
        promoted = service.PersonChange(role=Role.LEAD)
        await service.change_person(session, "anna", promoted, by="mina", now=clock.now())
    assert (await api.get("/api/me", headers=anna)).json()["role"] == "lead"


async def test_who_is_a_manager_no_more_is_shut_out_of_the_peoples_list(
    house: House, api: httpx.AsyncClient
) -> None:
    mina = await sign_in(house, api, "mina", Role.MANAGER)
    assert (await api.get("/api/people", headers=mina)).status_code == 200
    async with house.db.transaction() as session:
        lowered = service.PersonChange(role=Role.AGENT)
        await service.change_person(session, "mina", lowered, by="other", now=clock.now())
    answer = await api.get("/api/people", headers=mina)
    assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed")


async def test_only_what_is_to_change_about_a_person_changes(house: House) -> None:
    async with house.db.transaction() as session:
        newcomer = service.Newcomer("anna", "安娜", Role.AGENT, "correct horse")
        before = await service.add_person(session, newcomer, clock.now())
        hashed = before.password_hash
        change = service.PersonChange(display_name="安")
        after = await service.change_person(session, "anna", change, by="mina", now=clock.now())
    assert (after.display_name, after.role, after.is_active) == ("安", "agent", True)
    assert after.password_hash == hashed
