import json
from datetime import UTC, datetime

import pytest

from carriers.catalog import Catalog
from carriers.errors import ProviderMisconfigured, WaybillUnknown
from carriers.kdniao.client import KdniaoClient, KdniaoConfig, QueryType
from carriers.kdniao.signing import is_signed
from tests.carriers.doubles import (
    KDNIAO,
    SF_NUMBER,
    YTO_NUMBER,
    Network,
    carrier,
    form_of,
    nothing_at_kdniao,
    tracked_at_kdniao,
)

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PUBLISHED_BODY = (
    "RequestData=%7B%22OrderCode%22%3A%22%22%2C%22ShipperCode%22%3A%22SF%22%2C%22LogisticCode%22"
    "%3A%22SF1234567890123%22%2C%22CustomerName%22%3A%226789%22%7D&EBusinessID=1237100"
    "&RequestType=8001&DataSign=MTU1MzQ2YTgxMjliYWM3YWRhMzRhYTE0M2E3Zjg4MzU%3D&DataType=2"
)


def client(network: Network, catalog: Catalog, config: KdniaoConfig = KDNIAO) -> KdniaoClient:
    return KdniaoClient(config, catalog, lambda: NOW, network.transport)


async def test_a_query_is_byte_for_byte_the_published_form(catalog: Catalog) -> None:
    network = Network(kdniao=[tracked_at_kdniao()])
    await client(network, catalog).query(SF_NUMBER, carrier(catalog, "SF"), "6789")
    (request,) = network.requests["kdniao"]
    assert request.content.decode() == PUBLISHED_BODY
    assert request.method == "POST"
    assert request.headers["content-type"].startswith("application/x-www-form-urlencoded")


async def test_phone_digits_go_only_to_carriers_that_demand_them(catalog: Catalog) -> None:
    network = Network(kdniao=[tracked_at_kdniao()])
    await client(network, catalog).query(YTO_NUMBER, carrier(catalog, "YTO"), "6789")
    form = form_of(network.requests["kdniao"][0])
    assert "CustomerName" not in json.loads(form["RequestData"])
    assert is_signed(form["RequestData"], form["DataSign"], KDNIAO.app_key)


@pytest.mark.parametrize("query_type", ["1002", "8001", "8002"])
async def test_the_configured_query_is_sent_to_its_own_address(
    catalog: Catalog, query_type: QueryType
) -> None:
    config = KdniaoConfig(
        "1237100", "key", urls={"8001": "https://api.kdniao.com/api/dist"}, query_type=query_type
    )
    network = Network(kdniao=[tracked_at_kdniao()])
    result = await client(network, catalog, config).query(YTO_NUMBER, carrier(catalog, "YTO"), None)
    (request,) = network.requests["kdniao"]
    assert form_of(request)["RequestType"] == query_type
    assert request.url.path == (
        "/api/dist" if query_type == "8001" else "/Ebusiness/EbusinessOrderHandle.aspx"
    )
    assert (result.waybill_no, result.fetched_at) == (YTO_NUMBER, NOW)


async def test_refusals_come_out_as_errors(catalog: Catalog) -> None:
    network = Network(kdniao=[nothing_at_kdniao(), nothing_at_kdniao(Reason="非法参数")])
    asking = client(network, catalog)
    with pytest.raises(WaybillUnknown):
        await asking.query(YTO_NUMBER, carrier(catalog, "YTO"), None)
    with pytest.raises(ProviderMisconfigured):
        await asking.query(YTO_NUMBER, carrier(catalog, "YTO"), None)


async def test_recognition_asks_2002_with_the_number_alone(catalog: Catalog) -> None:
    network = Network(recognise={"Success": True, "Shippers": [{"ShipperCode": "YTO"}]})
    found = await client(network, catalog).recognise(YTO_NUMBER)
    form = form_of(network.requests["2002"][0])
    assert [each.code for each in found] == ["YTO"]
    assert json.loads(form["RequestData"]) == {"LogisticCode": YTO_NUMBER}


def test_a_carrier_without_shipper_code_is_not_served(catalog: Catalog) -> None:
    serving = client(Network(), catalog)
    assert serving.serves(carrier(catalog, "SF"))
    assert not serving.serves(carrier(catalog, "SFKY"))


def test_the_key_does_not_show_in_the_configuration() -> None:
    assert KDNIAO.app_key not in repr(KDNIAO)
