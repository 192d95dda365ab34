"""One question to the gateway: which carrier, which digits, how many calls."""

import asyncio
import logging
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from structlog.testing import capture_logs

from carriers.errors import (
    AllProvidersFailed,
    CarrierUnknown,
    PhoneTailRequired,
    PhoneTailWrong,
    WaybillUnknown,
)
from carriers.events import ShipmentStatus
from carriers.gateway import GatewayConfig, build_gateway
from tests.carriers.doubles import (
    AMBIGUOUS_NUMBER,
    KDNIAO,
    KUAIDI100,
    SF_NUMBER,
    YTO_NUMBER,
    Answer,
    Network,
    form_of,
    full_width,
    gateway_over,
    nothing_at_kdniao,
    tracked_at_kdniao,
    tracked_at_kuaidi100,
)

ANEW = timedelta(0)


async def test_a_parcel_is_tracked_with_one_call() -> None:
    network = Network(kdniao=[tracked_at_kdniao()])
    result = await gateway_over(network).track(f" yt8765-4321 {full_width('09876')} ")
    assert (result.waybill_no, result.carrier_code) == (YTO_NUMBER, "YTO")
    assert result.status is ShipmentStatus.OUT_FOR_DELIVERY
    assert datetime.now(UTC) - result.fetched_at < timedelta(minutes=1)
    assert {door: network.calls(door) for door in network.requests} == {
        "kdniao": 1, "kuaidi100": 0, "2002": 0, "autonumber": 0,
    }  # fmt: skip


async def test_ten_customers_at_once_make_one_call() -> None:
    network = Network(kdniao=[tracked_at_kdniao()])
    gateway = gateway_over(network)
    results = await asyncio.gather(*(gateway.track(YTO_NUMBER) for _ in range(10)))
    assert (network.calls("kdniao"), network.calls("kuaidi100")) == (1, 0)
    assert len({id(result) for result in results}) == 1


async def test_one_customer_leaving_does_not_lose_the_others_answer() -> None:
    gate = asyncio.Event()

    async def slowly() -> Answer:
        await gate.wait()
        return tracked_at_kdniao()

    network = Network(kdniao=[slowly])
    gateway = gateway_over(network)
    leaving, staying = (asyncio.create_task(gateway.track(YTO_NUMBER)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    gate.set()
    assert (await staying).waybill_no == YTO_NUMBER
    assert leaving.cancelled()
    assert network.calls("kdniao") == 1


async def test_a_second_question_soon_after_is_answered_from_memory() -> None:
    network = Network(kdniao=[tracked_at_kdniao()])
    gateway = gateway_over(network)
    first = await gateway.track(YTO_NUMBER)
    assert await gateway.track(YTO_NUMBER, carrier_code="yto") is first
    assert await gateway.track(YTO_NUMBER, max_age=ANEW) is not first
    assert network.calls("kdniao") == 2


async def test_a_failed_call_is_not_remembered() -> None:
    network = Network(
        kdniao=[httpx.Response(500), tracked_at_kdniao()], kuaidi100=[httpx.Response(500)]
    )
    gateway = gateway_over(network)
    with pytest.raises(AllProvidersFailed):
        await gateway.track(YTO_NUMBER)
    assert (await gateway.track(YTO_NUMBER)).provider == "kdniao"


async def test_memory_is_kept_per_phone_digits_where_they_are_demanded() -> None:
    network = Network(kdniao=[tracked_at_kdniao()])
    gateway = gateway_over(network)
    for tail in ("1111", "2222", "1111"):
        await gateway.track(SF_NUMBER, phone_tail=tail)
    assert network.calls("kdniao") == 2


async def test_memory_is_shared_where_digits_do_not_matter() -> None:
    network = Network(kdniao=[tracked_at_kdniao()])
    gateway = gateway_over(network)
    for tail in ("1111", "2222", None):
        await gateway.track(YTO_NUMBER, phone_tail=tail)
    assert network.calls("kdniao") == 1


@pytest.mark.parametrize("tail", [None, "", "12", "12345", "abcd"])
async def test_without_four_digits_a_demanding_carrier_is_not_asked(tail: str | None) -> None:
    network = Network(kdniao=[tracked_at_kdniao()])
    with pytest.raises(PhoneTailRequired):
        await gateway_over(network).track(SF_NUMBER, phone_tail=tail)
    assert sum(map(len, network.requests.values())) == 0


async def test_full_width_digits_are_digits() -> None:
    network = Network(kdniao=[tracked_at_kdniao()])
    await gateway_over(network).track(SF_NUMBER, phone_tail=full_width("6789"))
    assert '"CustomerName":"6789"' in form_of(network.requests["kdniao"][0])["RequestData"]


async def test_a_stated_carrier_is_never_overridden() -> None:
    network = Network(kdniao=[nothing_at_kdniao()])
    with pytest.raises(WaybillUnknown):
        await gateway_over(network).track(AMBIGUOUS_NUMBER, carrier_code="STO")
    assert '"ShipperCode":"STO"' in form_of(network.requests["kdniao"][0])["RequestData"]
    assert (network.calls("2002"), network.calls("kdniao")) == (0, 1)


async def test_an_ambiguous_number_is_recognised_first() -> None:
    network = Network(
        kdniao=[tracked_at_kdniao()],
        recognise={"Success": True, "Shippers": [{"ShipperCode": "YTO"}]},
    )
    result = await gateway_over(network).track(AMBIGUOUS_NUMBER)
    assert result.carrier_code == "YTO"
    assert (network.calls("2002"), network.calls("kdniao")) == (1, 1)


async def test_when_recognition_fails_the_likeliest_carrier_is_asked() -> None:
    network = Network(
        kdniao=[tracked_at_kdniao()],
        recognise=httpx.Response(500),
        autonumber=httpx.Response(500),
    )
    result = await gateway_over(network).track("4312345678901")
    assert result.carrier_code == "YD"


async def test_when_the_likeliest_carrier_knows_nothing_one_more_is_asked() -> None:
    network = Network(
        kdniao=[nothing_at_kdniao(), tracked_at_kdniao()],
        recognise={"Success": True, "Shippers": [{"ShipperCode": "EMS"}, {"ShipperCode": "YD"}]},
    )
    result = await gateway_over(network).track("1234567890123")
    assert (result.carrier_code, network.calls("kdniao")) == ("YD", 2)


async def test_no_more_than_two_carriers_are_tried() -> None:
    network = Network()
    with pytest.raises(WaybillUnknown):
        await gateway_over(network).track("1234567890123")
    assert (network.calls("kdniao"), network.calls("kuaidi100")) == (2, 2)


async def test_a_known_but_unscanned_parcel_wins_over_an_unknown_one() -> None:
    network = Network(kdniao=[nothing_at_kdniao(Success=True), nothing_at_kdniao()])
    result = await gateway_over(network).track("1234567890123")
    assert (result.events, result.carrier_code) == ((), "EMS")


@pytest.mark.parametrize("number", ["", "你好", "123", "ABCDEFGHIJ", "1" * 40, "'; --", "😀" * 9])
async def test_what_is_no_waybill_number_asks_nobody(number: str) -> None:
    network = Network()
    gateway = gateway_over(network)
    with pytest.raises(CarrierUnknown):
        await gateway.track(number)
    with pytest.raises(WaybillUnknown):
        await gateway.track(number, carrier_code="YTO")
    assert await gateway.recognise(number) == ()
    assert sum(map(len, network.requests.values())) == 0


async def test_a_number_of_no_pattern_is_unknown_unless_a_provider_recognises_it() -> None:
    with pytest.raises(CarrierUnknown):
        await gateway_over(Network()).track("QQ1234567")
    network = Network(kdniao=[tracked_at_kdniao()], autonumber=[{"comCode": "yuantong"}])
    assert (await gateway_over(network).track("QQ1234567")).carrier_code == "YTO"


async def test_an_unknown_code_or_an_unserved_carrier_is_said_so() -> None:
    network = Network()
    with pytest.raises(CarrierUnknown):
        await gateway_over(network).track(YTO_NUMBER, carrier_code="NOBODY")
    with pytest.raises(CarrierUnknown):
        await gateway_over(network, kdniao=None).track("FC123456789012", carrier_code="FBOX")
    assert sum(map(len, network.requests.values())) == 0


async def test_without_any_provider_all_have_failed() -> None:
    gateway = build_gateway(GatewayConfig())
    with pytest.raises(AllProvidersFailed) as failed:
        await gateway.track(YTO_NUMBER)
    assert failed.value.causes == ()
    await gateway.aclose()


async def test_recognition_puts_the_providers_opinion_before_the_catalogs() -> None:
    network = Network(recognise={"Success": True, "Shippers": [{"ShipperCode": "YZBK"}]})
    gateway = gateway_over(network)
    first, second = await asyncio.gather(
        gateway.recognise("1234567890123"), gateway.recognise("123-4567 890123")
    )
    assert [carrier.code for carrier in first][:2] == ["YZBK", "EMS"]
    assert (second, network.calls("2002")) == (first, 1)


async def test_recognition_falls_back_to_the_other_provider_and_then_to_the_catalog() -> None:
    network = Network(recognise=httpx.Response(500), autonumber=[{"comCode": "youzhengbk"}])
    found = await gateway_over(network).recognise("1234567890123")
    assert found[0].code == "YZBK"
    silent = Network(recognise=httpx.Response(500), autonumber=httpx.Response(500))
    found = await gateway_over(silent).recognise("1234567890123")
    assert found[0].code == "EMS"


async def test_closing_ends_running_calls() -> None:
    gate = asyncio.Event()

    async def hang() -> Answer:
        gate.set()
        await asyncio.Event().wait()
        return {}

    gateway = gateway_over(Network(kdniao=[hang]))
    asking = asyncio.create_task(gateway.track(YTO_NUMBER))
    await gate.wait()
    await gateway.aclose()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_logs_hold_no_secret_no_digits_and_no_scan_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    strange = tracked_at_kdniao(StateEx="777", State="888")
    network = Network(
        kdniao=[
            nothing_at_kdniao(Reason="没见过的话4821"),
            httpx.Response(200, content="小林4821".encode()),
            *[httpx.ConnectError("4821")] * 3,
            nothing_at_kdniao(Reason="手机尾号4821错误"),
            strange,
        ],
        kuaidi100=[tracked_at_kuaidi100(state="999")],
        autonumber=[{"comCode": "shunfeng"}],
    )
    gateway = gateway_over(network)
    with capture_logs() as logs:
        for _ in range(3):
            await gateway.track(SF_NUMBER, phone_tail="4821", max_age=ANEW)
        with pytest.raises(PhoneTailWrong):
            await gateway.track(SF_NUMBER, phone_tail="4821", max_age=ANEW)
        await gateway.track(SF_NUMBER, phone_tail="4821", max_age=ANEW)
        await gateway.recognise(AMBIGUOUS_NUMBER)
    written = repr(logs) + caplog.text
    assert "unknown_state_code" in written
    for secret in ("4821", KDNIAO.app_key, KUAIDI100.key, "派送", "到达", SF_NUMBER):
        assert secret not in written
