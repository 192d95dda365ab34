"""Faults can be switched on, strike whom they should, and go away again."""

from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from sandbox.faults import Fault, FaultBoard, FaultKind, FaultTarget, Provider

Ask = Callable[..., Awaitable[dict[str, Any]]]
Form = Callable[..., dict[str, str]]
Call = Callable[[], Awaitable[httpx.Response]]
KEY = "TestKey12345"


@pytest.fixture
def call_kdniao(client: httpx.AsyncClient, kdniao_form: Form) -> Call:
    async def call() -> httpx.Response:
        return await client.post(
            "/api/dist", data=kdniao_form("2002", LogisticCode="YT8765432109876")
        )

    return call


@pytest.fixture
def call_kuaidi100(client: httpx.AsyncClient, kuaidi100_form: Form) -> Call:
    async def call() -> httpx.Response:
        form = kuaidi100_form(com="yuantong", num="YT8765432109876")
        return await client.post("/poll/query.do", data=form)

    return call


@pytest.fixture
def switch_on(client: httpx.AsyncClient) -> Ask:
    async def switch(provider: str, kind: str, **more: float) -> dict[str, Any]:
        answer = await client.post("/faults", json={"provider": provider, "kind": kind, **more})
        assert answer.status_code == 201
        listed: dict[str, Any] = answer.json()[-1]
        return listed

    return switch


async def test_a_fault_stays_until_it_is_switched_off(
    client: httpx.AsyncClient, switch_on: Ask, call_kdniao: Call
) -> None:
    assert (await call_kdniao()).json()["Success"] is True
    listed = await switch_on("kdniao", "error_500")
    assert listed == {"provider": "kdniao", "kind": "error_500", "seconds": 5.0, "times": None}
    assert [(await call_kdniao()).status_code for _ in range(3)] == [500, 500, 500]
    assert (await client.get("/faults")).json() == [listed]
    assert (await client.delete("/faults")).json() == []
    assert (await call_kdniao()).json()["Success"] is True


async def test_a_counted_fault_goes_away_by_itself(
    client: httpx.AsyncClient, switch_on: Ask, call_kdniao: Call
) -> None:
    await switch_on("kdniao", "down", times=2)
    assert [(await call_kdniao()).status_code for _ in range(3)] == [503, 503, 200]
    assert (await client.get("/faults")).json() == []


async def test_a_fault_of_one_provider_leaves_the_other_alone(
    switch_on: Ask, call_kdniao: Call, call_kuaidi100: Call
) -> None:
    await switch_on("kuaidi100", "down")
    assert (await call_kdniao()).status_code == 200
    assert (await call_kuaidi100()).status_code == 503


async def test_a_fault_of_all_strikes_both(
    switch_on: Ask, call_kdniao: Call, call_kuaidi100: Call
) -> None:
    await switch_on("all", "error_500")
    assert (await call_kdniao()).status_code == 500
    assert (await call_kuaidi100()).status_code == 500


async def test_a_slow_provider_answers_rightly_after_so_many_seconds(
    switch_on: Ask, call_kdniao: Call, naps: list[float]
) -> None:
    await switch_on("kdniao", "slow", seconds=2.5, times=1)
    assert (await call_kdniao()).json()["Success"] is True
    assert (await call_kdniao()).json()["Success"] is True
    assert naps == [2.5]


async def test_a_slow_provider_can_fail_on_top(
    switch_on: Ask, call_kdniao: Call, naps: list[float]
) -> None:
    await switch_on("kdniao", "slow")
    await switch_on("kdniao", "error_500")
    assert (await call_kdniao()).status_code == 500
    assert naps == [5.0]


async def test_truncated_json_cannot_be_read(switch_on: Ask, call_kdniao: Call) -> None:
    whole = (await call_kdniao()).content
    await switch_on("kdniao", "truncated_json")
    cut = await call_kdniao()
    assert cut.status_code == 200
    assert whole.startswith(cut.content)
    with pytest.raises(ValueError, match=r"(?i)unterminated|expecting|decode"):
        cut.json()


async def test_wrong_signature_answers_as_if_it_were_wrong(
    switch_on: Ask, call_kdniao: Call, call_kuaidi100: Call
) -> None:
    await switch_on("all", "wrong_signature")
    assert "非法参数" in (await call_kdniao()).json()["Reason"]
    assert (await call_kuaidi100()).json()["returnCode"] == "503"


async def test_quota_is_told_before_the_signature_is_looked_at(
    client: httpx.AsyncClient, switch_on: Ask, kdniao_form: Form, call_kuaidi100: Call
) -> None:
    await switch_on("all", "quota")
    form = kdniao_form("2002", LogisticCode="YT1") | {"DataSign": "wrong"}
    assert (await client.post("/api/dist", data=form)).json()["Reason"] == "业务错误[没有可用套餐]"
    assert (await call_kuaidi100()).json()["returnCode"] == "601"


async def test_autonumber_suffers_the_same_faults(
    client: httpx.AsyncClient, switch_on: Ask
) -> None:
    asked = {"num": "YT8765432109876", "key": KEY}
    await switch_on("kuaidi100", "quota", times=1)
    assert (await client.get("/autonumber/auto", params=asked)).json()["returnCode"] == "601"
    await switch_on("kuaidi100", "wrong_signature", times=1)
    assert (await client.get("/autonumber/auto", params=asked)).json()["returnCode"] == "600"
    await switch_on("kuaidi100", "down", times=1)
    assert (await client.get("/autonumber/auto", params=asked)).status_code == 503
    assert (await client.get("/autonumber/auto", params=asked)).json()[0]["comCode"] == "yuantong"


async def test_the_control_doors_never_suffer(client: httpx.AsyncClient, switch_on: Ask) -> None:
    await switch_on("all", "down")
    for door in ("/healthz", "/shipments", "/clock", "/calls", "/faults"):
        assert (await client.get(door)).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"provider": "kdniao"},
        {"provider": "nobody", "kind": "down"},
        {"provider": "kdniao", "kind": "earthquake"},
        {"provider": "kdniao", "kind": "slow", "seconds": 0},
        {"provider": "kdniao", "kind": "slow", "seconds": 3600},
        {"provider": "kdniao", "kind": "down", "times": 0},
        {"provider": "kdniao", "kind": "down", "forever": True},
    ],
)
async def test_a_senseless_fault_is_a_422_and_nothing_is_switched_on(
    client: httpx.AsyncClient, body: dict[str, object]
) -> None:
    answer = await client.post("/faults", json=body)
    assert (answer.status_code, answer.json()["error"]) == (422, "invalid_request")
    assert (await client.get("/faults")).json() == []


def test_the_same_kind_again_takes_the_place_of_the_first() -> None:
    board = FaultBoard()
    board.put(Fault(FaultTarget.KDNIAO, FaultKind.SLOW, seconds=1))
    board.put(Fault(FaultTarget.KDNIAO, FaultKind.SLOW, seconds=9, times_left=1))
    assert [fault.seconds for fault in board.listing()] == [9]
    assert FaultKind.SLOW in board.strike(Provider.KDNIAO)
    assert board.listing() == ()


def test_a_counted_fault_of_all_counts_the_calls_to_both() -> None:
    board = FaultBoard()
    board.put(Fault(FaultTarget.ALL, FaultKind.DOWN, times_left=2))
    assert board.strike(Provider.KDNIAO)
    assert board.strike(Provider.KUAIDI100)
    assert not board.strike(Provider.KDNIAO)
