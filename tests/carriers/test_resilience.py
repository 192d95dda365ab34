import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from carriers.errors import (
    CarrierError,
    ProviderAnswerUnreadable,
    ProviderBusy,
    ProviderMisconfigured,
    ProviderResting,
    ProviderTimeout,
    ProviderUnavailable,
    ProviderUnreachable,
    QuotaExhausted,
    WaybillUnknown,
)
from carriers.resilience import Guard, Resilience

LONG_REST = timedelta(hours=1)
NO_REST = timedelta(microseconds=1)


class Scripted:
    """Raises what the script holds, then answers "ok" for ever."""

    def __init__(self, *script: Exception) -> None:
        self.script = list(script)
        self.times = 0

    async def __call__(self) -> str:
        self.times += 1
        if self.script:
            raise self.script.pop(0)
        return "ok"


def guard(failures_to_rest: int = 99, rest: timedelta = LONG_REST, attempts: int = 3) -> Guard:
    return Guard("kdniao", Resilience(attempts, failures_to_rest, rest))


async def failed(run: Guard, call: Callable[[], Awaitable[str]]) -> CarrierError:
    with pytest.raises(CarrierError) as error:
        await run.run("query", call, within=1)
    return error.value


@pytest.mark.parametrize("kind", [ProviderUnreachable, ProviderBusy])
async def test_a_lost_connection_and_a_busy_code_are_tried_again(kind: type[CarrierError]) -> None:
    call = Scripted(kind("kdniao"), kind("kdniao"))
    assert await guard().run("query", call, within=1) == "ok"
    assert call.times == 3


async def test_tries_are_bounded() -> None:
    call = Scripted(*[ProviderUnreachable("kdniao")] * 10)
    assert isinstance(await failed(guard(attempts=3), call), ProviderUnreachable)
    assert call.times == 3


@pytest.mark.parametrize(
    "error",
    [
        ProviderUnavailable("kdniao"),
        ProviderTimeout("kdniao"),
        ProviderAnswerUnreadable("kdniao"),
        ProviderMisconfigured("kdniao"),
        QuotaExhausted("kdniao"),
        WaybillUnknown("kdniao"),
    ],
)
async def test_nothing_else_is_tried_again(error: CarrierError) -> None:
    call = Scripted(error)
    assert await failed(guard(), call) is error
    assert call.times == 1


async def test_a_call_ends_when_its_time_is_up() -> None:
    async def hang() -> str:
        await asyncio.Event().wait()
        return "never"

    with pytest.raises(ProviderTimeout):
        await guard().run("query", hang, within=0.02)


async def test_without_time_nobody_is_asked_and_the_breaker_hears_nothing() -> None:
    run, call = guard(failures_to_rest=1), Scripted()
    with pytest.raises(ProviderTimeout):
        await run.run("query", call, within=0.0)
    assert call.times == 0
    assert await run.run("query", call, within=1) == "ok"


async def test_the_breaker_opens_after_failures_in_a_row() -> None:
    run = guard(failures_to_rest=2)
    call = Scripted(*[ProviderUnavailable("kdniao")] * 2)
    await failed(run, call)
    assert not isinstance(await failed(run, call), ProviderResting)
    assert isinstance(await failed(run, call), ProviderResting)
    assert isinstance(await failed(run, call), ProviderResting)
    assert call.times == 2


async def test_a_success_in_between_keeps_the_breaker_closed() -> None:
    run = guard(failures_to_rest=2)
    for _ in range(3):
        await failed(run, Scripted(ProviderUnavailable("kdniao")))
        assert await run.run("query", Scripted(), within=1) == "ok"


async def test_an_answer_about_the_parcel_is_no_failure() -> None:
    run = guard(failures_to_rest=1)
    await failed(run, Scripted(WaybillUnknown("kdniao")))
    assert await run.run("query", Scripted(), within=1) == "ok"


async def test_after_its_rest_the_breaker_lets_one_try_and_closes_on_success() -> None:
    run = guard(failures_to_rest=2, rest=NO_REST)
    await failed(run, Scripted(ProviderUnavailable("kdniao")))
    await failed(run, Scripted(ProviderUnavailable("kdniao")))
    assert await run.run("query", Scripted(), within=1) == "ok"
    await failed(run, Scripted(ProviderUnavailable("kdniao")))
    assert await run.run("query", Scripted(), within=1) == "ok"


async def test_a_failed_try_after_the_rest_opens_the_breaker_at_once_again() -> None:
    run = guard(failures_to_rest=2, rest=NO_REST)
    with capture_logs() as logs:
        for _ in range(3):
            await failed(run, Scripted(ProviderUnavailable("kdniao")))
        await run.run("query", Scripted(), within=1)
    assert {log["circuit"] for log in logs} == {"kdniao:query"}
    assert [log["state"] for log in logs] == [
        "opened", "half-opened", "opened", "half-opened", "closed",
    ]  # fmt: skip


async def test_kinds_of_calls_have_their_own_breakers() -> None:
    run = guard(failures_to_rest=1)
    with pytest.raises(QuotaExhausted):
        await run.run("recognise", Scripted(QuotaExhausted("kdniao")), within=1)
    with pytest.raises(ProviderResting):
        await run.run("recognise", Scripted(), within=1)
    assert await run.run("query", Scripted(), within=1) == "ok"
