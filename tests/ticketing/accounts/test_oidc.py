"""Single sign-on with the sandbox's provider: to it, back from it, and everything that fails."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from sqlalchemy import select

from sandbox.app import create_app
from sandbox.identity.provider import CLIENT_ID, CLIENT_SECRET
from sandbox.settings import Settings as SandboxSettings
from tests.ticketing.people import PASSWORD
from ticketing.accounts import oidc, service
from ticketing.accounts.models import AuditLine, Person, SecondFactor
from ticketing.accounts.oidc import Errand, OidcRefused, Provider
from ticketing.accounts.throttle import ADDRESS_TRIES
from ticketing.accounts.tokens import Role
from ticketing.app import build
from ticketing.composition import House
from ticketing.kernel import clock
from ticketing.kernel.settings import Settings

DOOR = "/api/session/oidc"
ISSUER = "http://sandbox/identity"

Open = Callable[..., httpx.AsyncClient]
Arrange = Callable[..., Awaitable[None]]


@pytest.fixture
def outside() -> httpx.ASGITransport:
    """The way to the sandbox."""
    return httpx.ASGITransport(create_app(SandboxSettings()))


@pytest.fixture
async def browsers(house: House, outside: httpx.ASGITransport) -> AsyncIterator[Open]:
    """Open a browser at a house with single sign-on: its own cookies, and both sites."""
    opened: list[httpx.AsyncClient] = []

    def open_(**settings: str) -> httpx.AsyncClient:
        told = {
            "oidc_issuer": ISSUER,
            "oidc_client_id": CLIENT_ID,
            "oidc_client_secret": CLIENT_SECRET,
            "oidc_roles": "desk=agent, heads=lead",
        }
        wanted = Settings(**{**house.settings.model_dump(), **told, **settings})
        served: Any = build(replace(house, settings=wanted))
        served.other_asgi_app.state.identity = Provider(wanted, outside)
        mounts = {"all://sandbox": outside, "all://house": httpx.ASGITransport(served)}
        opened.append(httpx.AsyncClient(mounts=mounts, base_url="http://house"))
        return opened[-1]

    yield open_
    for browser in opened:
        await browser.aclose()


@pytest.fixture
async def arrange(outside: httpx.ASGITransport) -> AsyncIterator[Arrange]:
    """Change something at the provider."""
    async with httpx.AsyncClient(transport=outside, base_url="http://sandbox") as client:

        async def put(path: str, **body: Any) -> None:
            assert (await client.put(f"/identity{path}", json=body)).status_code == 204

        yield put


async def there(browser: httpx.AsyncClient, who: str) -> str:
    """Go to the provider and say who one is; return where it sends one back to."""
    left = await browser.get(DOOR)
    assert left.status_code == 303, left.text
    chosen = await browser.get(f"{left.headers['location']}&login_hint={who}")
    assert chosen.status_code == 302, chosen.text
    back: str = chosen.headers["location"]
    return back


async def there_and_back(browser: httpx.AsyncClient, who: str) -> httpx.Response:
    """Sign in by the provider."""
    return await browser.get(await there(browser, who))


async def people(house: House) -> dict[str, tuple[str, str | None]]:
    """Everybody's role and subject."""
    async with house.db.transaction() as session:
        return {p.username: (p.role, p.oidc_subject) for p in await session.scalars(select(Person))}


async def known(house: House, username: str, role: Role) -> None:
    """Add somebody here."""
    async with house.db.transaction() as session:
        await service.put_person(session, username, PASSWORD, role, clock.now())


async def test_an_employee_comes_in_with_the_role_of_the_provider(
    house: House, browsers: Open
) -> None:
    browser = browsers()
    ways = (await browser.get("/api/session/ways")).json()
    assert ways == {"password": True, "oidc_label": "企业账号登录"}
    back = await there_and_back(browser, "wen")
    assert (back.status_code, back.headers["location"]) == (303, "/console/")
    me = (await browser.get("/api/me")).json()
    assert (me["name"], me["display_name"], me["role"]) == ("wen", "文小姐", "agent")
    assert await people(house) == {"wen": ("agent", "sub-0001")}


async def test_the_provider_is_asked_with_state_nonce_and_challenge(browsers: Open) -> None:
    browser = browsers()
    left = await browser.get(DOOR)
    asked = parse_qs(urlsplit(left.headers["location"]).query)
    assert asked["response_type"] == ["code"]
    assert asked["redirect_uri"] == ["http://house/api/session/oidc/callback"]
    assert asked["code_challenge_method"] == ["S256"]
    assert {"HttpOnly", "SameSite=lax", f"Path={DOOR}"} <= set(
        left.headers["set-cookie"].split("; ")
    )
    kept = str(browser.cookies["yw_oidc"])
    for secret in ("state", "nonce"):
        assert asked[secret][0] not in kept


async def test_who_changed_their_name_or_role_there_is_still_the_same(
    house: House, browsers: Open, arrange: Arrange
) -> None:
    await there_and_back(browsers(), "wen")
    await arrange("/people/wendy", sub="sub-0001", name="文小姐", roles=["desk", "heads"])
    await there_and_back(browsers(), "wendy")
    assert await people(house) == {"wen": ("lead", "sub-0001")}


async def test_who_has_none_of_our_roles_stays_outside(house: House, browsers: Open) -> None:
    browser = browsers()
    back = await there_and_back(browser, "guo")
    assert back.headers["location"] == "/console/sign-in?refused=oidc_refused"
    assert (await browser.get("/api/me")).status_code == 401
    assert await people(house) == {}


async def test_without_a_table_of_roles_only_people_added_here_come_in(
    house: House, browsers: Open
) -> None:
    await known(house, "wen", Role.LEAD)
    browser = browsers(oidc_roles="")
    assert (await there_and_back(browser, "wen")).headers["location"] == "/console/"
    assert (await browser.get("/api/me")).json()["role"] == "lead"
    stranger = await there_and_back(browsers(oidc_roles=""), "lin")
    assert stranger.headers["location"] == "/console/sign-in?refused=oidc_refused"
    assert await people(house) == {"wen": ("lead", "sub-0001")}


async def test_nobody_becomes_another_by_taking_their_name(
    house: House, browsers: Open, arrange: Arrange
) -> None:
    await there_and_back(browsers(), "wen")
    await arrange("/people/wen", sub="sub-9999", name="别人", roles=["heads"])
    back = await there_and_back(browsers(), "wen")
    assert back.headers["location"] == "/console/sign-in?refused=oidc_refused"
    assert await people(house) == {"wen": ("agent", "sub-0001")}


@pytest.mark.parametrize("roles", ["", "desk=agent"])
async def test_who_only_has_the_name_of_a_manager_is_not_let_in_as_one(
    house: House, browsers: Open, roles: str
) -> None:
    await known(house, "wen", Role.MANAGER)
    browser = browsers(oidc_roles=roles)
    back = await there_and_back(browser, "wen")
    assert back.headers["location"] == "/console/sign-in?refused=oidc_refused"
    assert await people(house) == {"wen": ("manager", None)}


async def test_a_manager_who_is_signed_in_joins_the_provider(house: House, browsers: Open) -> None:
    await known(house, "wen", Role.MANAGER)
    browser = browsers(oidc_roles="")
    entered = await browser.post("/api/session", json={"username": "wen", "password": PASSWORD})
    cookie = entered.headers["set-cookie"].partition(";")[0]
    left = await browser.get(DOOR, headers={"Cookie": cookie})
    chosen = await browser.get(f"{left.headers['location']}&login_hint=wen")
    back = await browser.get(chosen.headers["location"])
    assert back.headers["location"] == "/console/"
    assert await people(house) == {"wen": ("manager", "sub-0001")}


async def test_a_second_factor_is_not_passed_by_taking_a_name(house: House, browsers: Open) -> None:
    await known(house, "wen", Role.AGENT)
    now = clock.now()
    async with house.db.transaction() as session:
        factor = SecondFactor(username="wen", secret="-", last_step=0, created_at=now)
        factor.confirmed_at = now
        session.add(factor)
    back = await there_and_back(browsers(), "wen")
    assert back.headers["location"] == "/console/sign-in?refused=oidc_refused"


async def test_who_comes_back_again_and_again_fills_no_log(house: House, browsers: Open) -> None:
    browser = browsers()
    await browser.get(DOOR)
    for _ in range(ADDRESS_TRIES + 3):
        await browser.get(f"{DOOR}/callback", headers={"Cookie": "yw_oidc=forged"})
    async with house.db.transaction() as session:
        lines = (await session.scalars(select(AuditLine.what))).all()
    assert lines == ["oidc_refused/stale"] * ADDRESS_TRIES


async def test_what_a_stranger_calls_an_error_is_not_kept(house: House, browsers: Open) -> None:
    browser = browsers()
    left = await browser.get(DOOR)
    state = parse_qs(urlsplit(left.headers["location"]).query)["state"][0]
    brought = {"state": state, "error": "张三 13800138000\x00"}
    back = await browser.get(f"{DOOR}/callback", params=brought)
    assert back.status_code == 303
    async with house.db.transaction() as session:
        lines = (await session.scalars(select(AuditLine.what))).all()
    assert lines == ["oidc_refused/no_code"]


async def test_who_has_left_here_does_not_come_in_by_the_provider(
    house: House, browsers: Open
) -> None:
    await there_and_back(browsers(), "wen")
    async with house.db.transaction() as session:
        leaves = service.PersonChange(is_active=False)
        await service.change_person(session, "wen", leaves, by="mina", now=clock.now())
    back = await there_and_back(browsers(), "wen")
    assert back.headers["location"] == "/console/sign-in?refused=oidc_refused"


@pytest.mark.parametrize("fault", ["nonce", "key", "audience", "issuer", "expired"])
async def test_a_token_that_is_not_for_us_now_is_refused(
    house: House, browsers: Open, arrange: Arrange, fault: str
) -> None:
    await arrange("/fault", fault=fault)
    browser = browsers()
    back = await there_and_back(browser, "wen")
    assert back.headers["location"] == "/console/sign-in?refused=oidc_refused"
    assert "yw_session" not in browser.cookies
    assert await people(house) == {}


async def test_what_another_browser_began_cannot_be_ended_here(
    house: House, browsers: Open
) -> None:
    back = await there(browsers(), "wen")
    other = browsers()
    for begun_itself in (False, True):
        if begun_itself:
            await other.get(DOOR)
        refused = await other.get(back)
        assert refused.headers["location"] == "/console/sign-in?refused=oidc_refused"
    assert await people(house) == {}


async def test_a_code_counts_once(browsers: Open) -> None:
    browser = browsers()
    back = await there(browser, "wen")
    errand = browser.cookies["yw_oidc"]
    assert (await browser.get(back)).headers["location"] == "/console/"
    assert "yw_oidc" not in browser.cookies
    again = await browser.get(back, headers={"Cookie": f"yw_oidc={errand}"})
    assert again.headers["location"] == "/console/sign-in?refused=oidc_refused"


async def test_whoever_changes_their_mind_there_is_back_at_the_door(browsers: Open) -> None:
    browser = browsers()
    left = await browser.get(DOOR)
    state = parse_qs(urlsplit(left.headers["location"]).query)["state"][0]
    brought = {"state": state, "error": "access_denied"}
    back = await browser.get(f"{DOOR}/callback", params=brought)
    assert back.headers["location"] == "/console/sign-in?refused=oidc_refused"


async def test_a_silent_provider_is_said_to_be_silent(browsers: Open, arrange: Arrange) -> None:
    browser = browsers()
    back = await there(browser, "wen")
    await arrange("/fault", fault="silent")
    left = await browser.get(DOOR)
    assert (left.status_code, left.json()["error"]) == (503, "oidc_unavailable")
    returned = await browser.get(back)
    assert returned.headers["location"] == "/console/sign-in?refused=oidc_unavailable"


async def test_a_provider_that_is_somebody_else_is_not_used(browsers: Open) -> None:
    left = await browsers(oidc_issuer=f"{ISSUER}/").get(DOOR)
    assert (left.status_code, left.json()["error"]) == (503, "oidc_unavailable")


async def test_coming_in_and_being_refused_are_written_down(house: House, browsers: Open) -> None:
    await there_and_back(browsers(), "wen")
    await there_and_back(browsers(), "guo")
    async with house.db.transaction() as session:
        lines = await session.scalars(select(AuditLine).order_by(AuditLine.id))
        told = [(line.by, line.deed, line.what) for line in lines]
    assert told == [("wen", "did", "wen"), ("", "failed", "oidc_refused/no_role")]


async def test_where_there_is_no_provider_nobody_is_sent_anywhere(api: httpx.AsyncClient) -> None:
    assert (await api.get("/api/session/ways")).json()["oidc_label"] is None
    for path in (DOOR, f"{DOOR}/callback"):
        answer = await api.get(path)
        assert (answer.status_code, answer.json()["error"]) == (404, "oidc_not_set_up")


def test_an_errand_that_nobody_sealed_is_refused() -> None:
    box = oidc.box(Settings(demo=True, secret_key="a-secret-key-of-at-least-32-bytes"))
    errand = Errand.begin()
    assert Errand.unsealed(errand.sealed(box), box) == errand
    for forged in ("", "nonsense", errand.state):
        with pytest.raises(OidcRefused):
            Errand.unsealed(forged, box)


def test_roles_are_read_as_they_are_written() -> None:
    settings = Settings(demo=True, oidc_roles=" desk = agent ,heads=lead,")
    assert oidc.mapping_of(settings) == {"desk": Role.AGENT, "heads": Role.LEAD}
