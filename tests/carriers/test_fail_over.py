"""From one provider to the other: when, when not, and how long it may take."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import pytest

from carriers.errors import (
    AllProvidersFailed,
    PhoneTailRequired,
    PhoneTailWrong,
    ProviderMisconfigured,
    ProviderResting,
    ProviderTimeout,
    ProviderUnavailable,
    QuotaExhausted,
    WaybillUnknown,
)
from carriers.resilience import Resilience
from tests.carriers.doubles import (
    SF_NUMBER,
    YTO_NUMBER,
    Network,
    gateway_over,
    never,
    nothing_at_kdniao,
    nothing_at_kuaidi100,
    refused_at_kuaidi100,
    tracked_at_kdniao,
    tracked_at_kuaidi100,
    truncated,
)

ANEW = timedelta(0)
SHORT = timedelta(milliseconds=200)


@pytest.mark.parametrize(
    "first_answer",
    [
        httpx.ConnectError("refused"),
        httpx.ReadTimeout("slow"),
        httpx.Response(500),
        truncated(tracked_at_kdniao()),
        {"hello": "world"},
        nothing_at_kdniao(Reason="非法参数[请核实ID和key]"),
        nothing_at_kdniao(Reason="业务错误[没有可用套餐]"),
        nothing_at_kdniao(Reason="无效的输入[【ShipperCode】不正确]"),
        nothing_at_kdniao(),
        nothing_at_kdniao(Success=True),
    ],
    ids=[
        "down", "timeout", "500", "truncated", "nonsense", "misconfigured", "quota",
        "carrier refused", "unknown", "empty",
    ],
)  # fmt: skip
async def test_when_the_first_does_not_help_the_second_is_asked(first_answer: Any) -> None:
    network = Network(kdniao=[first_answer], kuaidi100=[tracked_at_kuaidi100()])
    result = await gateway_over(network).track(YTO_NUMBER)
    assert (result.provider, len(result.events)) == ("kuaidi100", 2)
    assert network.calls("kuaidi100") == 1


@pytest.mark.parametrize(
    ("reason", "error"),
    [("手机尾号不能为空", PhoneTailRequired), ("手机尾号错误", PhoneTailWrong)],
)
async def test_a_word_about_the_digits_needs_no_second_opinion(
    reason: str, error: type[Exception]
) -> None:
    network = Network(kdniao=[nothing_at_kdniao(Reason=reason)], kuaidi100=[tracked_at_kuaidi100()])
    with pytest.raises(error):
        await gateway_over(network).track(SF_NUMBER, phone_tail="0000")
    assert network.calls("kuaidi100") == 0


async def test_an_empty_answer_to_wrong_digits_is_found_out_by_the_other() -> None:
    network = Network(
        kdniao=[nothing_at_kdniao(Success=True)], kuaidi100=[refused_at_kuaidi100("408")]
    )
    with pytest.raises(PhoneTailWrong):
        await gateway_over(network).track(SF_NUMBER, phone_tail="0000")


async def test_an_empty_answer_stands_when_the_other_is_down_or_knows_nothing() -> None:
    for second in (httpx.Response(500), nothing_at_kuaidi100()):
        network = Network(kdniao=[nothing_at_kdniao(Success=True)], kuaidi100=[second])
        result = await gateway_over(network).track(SF_NUMBER, phone_tail="6789")
        assert (result.provider, result.events) == ("kdniao", ())


async def test_an_unknown_parcel_is_unknown_even_when_the_other_is_down() -> None:
    for first, second in (
        (nothing_at_kdniao(), httpx.Response(500)),
        (httpx.Response(500), nothing_at_kuaidi100()),
    ):
        network = Network(kdniao=[first], kuaidi100=[second])
        with pytest.raises(WaybillUnknown):
            await gateway_over(network).track(YTO_NUMBER)


async def test_when_all_fail_every_cause_is_told() -> None:
    network = Network(
        kdniao=[nothing_at_kdniao(Reason="非法参数")], kuaidi100=[refused_at_kuaidi100("601")]
    )
    with pytest.raises(AllProvidersFailed) as failed:
        await gateway_over(network).track(YTO_NUMBER)
    assert [type(cause) for cause in failed.value.causes] == [ProviderMisconfigured, QuotaExhausted]
    assert not failed.value.timed_out
    assert "kuaidi100: code 601" in str(failed.value)


async def test_a_provider_alone_has_nobody_to_fail_over_to() -> None:
    network = Network(kuaidi100=[httpx.Response(500)])
    with pytest.raises(AllProvidersFailed) as failed:
        await gateway_over(network, kdniao=None).track(YTO_NUMBER)
    assert [type(cause) for cause in failed.value.causes] == [ProviderUnavailable]
    assert network.calls("kdniao") == 0


async def test_a_carrier_only_the_second_serves_skips_the_first() -> None:
    network = Network(kuaidi100=[tracked_at_kuaidi100()])
    result = await gateway_over(network).track(
        "SFKY1234567890", carrier_code="SFKY", phone_tail="6789"
    )
    assert (result.provider, network.calls("kdniao")) == ("kuaidi100", 0)


async def test_a_lost_connection_is_tried_three_times_before_failing_over() -> None:
    network = Network(kdniao=[httpx.ConnectError("x")], kuaidi100=[tracked_at_kuaidi100()])
    await gateway_over(network).track(YTO_NUMBER)
    assert network.calls("kdniao") == 3


async def test_a_busy_provider_is_asked_again() -> None:
    network = Network(
        kdniao=[httpx.Response(500)],
        kuaidi100=[refused_at_kuaidi100("502"), tracked_at_kuaidi100()],
    )
    result = await gateway_over(network).track(YTO_NUMBER)
    assert (result.provider, network.calls("kuaidi100")) == ("kuaidi100", 2)


async def test_a_hanging_provider_leaves_time_for_the_other() -> None:
    network = Network(kdniao=[never], kuaidi100=[tracked_at_kuaidi100()])
    result = await gateway_over(network, timeout=SHORT).track(YTO_NUMBER)
    assert result.provider == "kuaidi100"


async def test_the_budget_holds_when_everybody_hangs() -> None:
    network = Network(kdniao=[never], kuaidi100=[never], recognise=never, autonumber=never)
    gateway = gateway_over(network, timeout=SHORT)
    loop = asyncio.get_running_loop()
    started = loop.time()
    with pytest.raises(AllProvidersFailed) as failed:
        await gateway.track("1234567890123")
    assert loop.time() - started < 1
    assert failed.value.timed_out
    assert [type(cause) for cause in failed.value.causes] == [ProviderTimeout, ProviderTimeout]


async def test_a_provider_that_keeps_failing_is_left_alone_for_a_while() -> None:
    network = Network(kdniao=[httpx.Response(500)], kuaidi100=[tracked_at_kuaidi100()])
    gateway = gateway_over(
        network, resilience=Resilience(failures_to_rest=2, rest=timedelta(hours=1))
    )
    for _ in range(5):
        assert (await gateway.track(YTO_NUMBER, max_age=ANEW)).provider == "kuaidi100"
    assert (network.calls("kdniao"), network.calls("kuaidi100")) == (2, 5)


async def test_a_resting_provider_is_named_among_the_causes() -> None:
    network = Network(kdniao=[httpx.Response(500)], kuaidi100=[httpx.Response(500)])
    gateway = gateway_over(network, resilience=Resilience(failures_to_rest=1))
    with pytest.raises(AllProvidersFailed):
        await gateway.track(YTO_NUMBER)
    with pytest.raises(AllProvidersFailed) as failed:
        await gateway.track(YTO_NUMBER)
    assert [type(cause) for cause in failed.value.causes] == [ProviderResting, ProviderResting]


async def test_a_recovered_provider_is_used_again_after_its_rest() -> None:
    network = Network(
        kdniao=[httpx.Response(500), httpx.Response(500), tracked_at_kdniao()],
        kuaidi100=[tracked_at_kuaidi100()],
    )
    gateway = gateway_over(
        network, resilience=Resilience(failures_to_rest=2, rest=timedelta(microseconds=1))
    )
    told_by = [(await gateway.track(YTO_NUMBER, max_age=ANEW)).provider for _ in range(4)]
    assert told_by == ["kuaidi100", "kuaidi100", "kdniao", "kdniao"]


async def test_ten_customers_of_a_failing_provider_share_the_fail_over_too() -> None:
    network = Network(kdniao=[httpx.Response(500)], kuaidi100=[tracked_at_kuaidi100()])
    gateway = gateway_over(network)
    results = await asyncio.gather(*(gateway.track(YTO_NUMBER) for _ in range(10)))
    assert {result.provider for result in results} == {"kuaidi100"}
    assert (network.calls("kdniao"), network.calls("kuaidi100")) == (1, 1)
