import json
from datetime import UTC, datetime

import pytest

from carriers.catalog import Catalog
from carriers.errors import PhoneTailWrong, WaybillUnknown
from carriers.kuaidi100.client import Kuaidi100Client
from tests.carriers.doubles import (
    KUAIDI100,
    SF_NUMBER,
    YTO_NUMBER,
    Network,
    carrier,
    form_of,
    nothing_at_kuaidi100,
    refused_at_kuaidi100,
    tracked_at_kuaidi100,
)

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def client(network: Network, catalog: Catalog) -> Kuaidi100Client:
    return Kuaidi100Client(KUAIDI100, catalog, lambda: NOW, network.transport)


async def test_a_query_carries_the_published_param_and_signature(catalog: Catalog) -> None:
    network = Network(kuaidi100=[tracked_at_kuaidi100()])
    result = await client(network, catalog).query(YTO_NUMBER, carrier(catalog, "YTO"), "6789")
    (request,) = network.requests["kuaidi100"]
    form = form_of(request)
    assert form["sign"] == "03C793FF932E85607B360B44597D43A7"
    assert form["customer"] == KUAIDI100.customer
    assert set(form) == {"customer", "sign", "param"}
    assert request.headers["content-type"].startswith("application/x-www-form-urlencoded")
    assert (result.waybill_no, result.fetched_at) == (YTO_NUMBER, NOW)


async def test_phone_digits_are_sent_where_they_are_demanded(catalog: Catalog) -> None:
    network = Network(kuaidi100=[tracked_at_kuaidi100()])
    await client(network, catalog).query(SF_NUMBER, carrier(catalog, "SF"), "6789")
    param = json.loads(form_of(network.requests["kuaidi100"][0])["param"])
    assert (param["com"], param["num"], param["phone"]) == ("shunfeng", SF_NUMBER, "6789")


async def test_refusals_come_out_as_errors(catalog: Catalog) -> None:
    network = Network(kuaidi100=[nothing_at_kuaidi100(), refused_at_kuaidi100("408")])
    asking = client(network, catalog)
    with pytest.raises(WaybillUnknown):
        await asking.query(YTO_NUMBER, carrier(catalog, "YTO"), None)
    with pytest.raises(PhoneTailWrong):
        await asking.query(SF_NUMBER, carrier(catalog, "SF"), "0000")


async def test_recognition_keeps_the_key_out_of_the_address(catalog: Catalog) -> None:
    network = Network(autonumber=[{"comCode": "yuantong", "lengthPre": 15}])
    found = await client(network, catalog).recognise(YTO_NUMBER)
    (request,) = network.requests["autonumber"]
    assert [each.code for each in found] == ["YTO"]
    assert form_of(request) == {"num": YTO_NUMBER, "key": KUAIDI100.key}
    assert KUAIDI100.key not in str(request.url)


def test_a_carrier_without_com_is_not_served(catalog: Catalog) -> None:
    serving = client(Network(), catalog)
    assert serving.serves(carrier(catalog, "SFKY"))
    assert not serving.serves(carrier(catalog, "FBOX"))


def test_the_key_does_not_show_in_the_configuration() -> None:
    assert KUAIDI100.key not in repr(KUAIDI100)
