"""Which province an address lies in, and which one a parcel is on its way to."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carriers.events import ShipmentStatus
from ticketing.shipments.places import destination_province, province_of

PROVINCES = (
    "北京市",
    "天津市",
    "上海市",
    "重庆市",
    "河北省",
    "山西省",
    "辽宁省",
    "吉林省",
    "黑龙江省",
    "江苏省",
    "浙江省",
    "安徽省",
    "福建省",
    "江西省",
    "山东省",
    "河南省",
    "湖北省",
    "湖南省",
    "广东省",
    "海南省",
    "四川省",
    "贵州省",
    "云南省",
    "陕西省",
    "甘肃省",
    "青海省",
    "台湾省",
    "内蒙古自治区",
    "广西壮族自治区",
    "西藏自治区",
    "宁夏回族自治区",
    "新疆维吾尔自治区",
    "香港",
    "澳门",
)


def test_there_are_34_provinces() -> None:
    assert len(set(PROVINCES)) == 34


@pytest.mark.parametrize("province", PROVINCES)
def test_an_address_that_begins_with_a_province_is_of_that_province(province: str) -> None:
    assert province_of(f"{province}某某路1号") == province


@pytest.mark.parametrize("province", PROVINCES)
def test_a_province_may_stand_alone(province: str) -> None:
    assert province_of(f" {province}\n") == province


@pytest.mark.parametrize(
    ("address", "province"),
    [
        ("广东深圳南山区", "广东省"),
        ("上海浦东新区", "上海市"),
        ("内蒙古呼和浩特", "内蒙古自治区"),
        ("新疆乌鲁木齐", "新疆维吾尔自治区"),
        ("吉林市船营区", "吉林省"),
        ("黑龙江哈尔滨", "黑龙江省"),
        ("香港特别行政区九龙", "香港"),
        ("深圳市南山区", "广东省"),
        ("东莞虎门转运中心", "广东省"),
        ("广东,东莞市", "广东省"),
        ("【杭州萧山分拨中心】", "浙江省"),
        ("义乌市北苑", "浙江省"),
        ("朝阳市双塔区", "辽宁省"),
        ("海南藏族自治州共和县", "青海省"),
        ("海南海口", "海南省"),
    ],
)
def test_a_place_is_in_the_province_it_or_its_city_names(address: str, province: str) -> None:
    assert province_of(address) == province


@pytest.mark.parametrize(
    "address",
    [None, "", "   ", "寄到广东省", "Guangdong", "北方某地", "省", "朝阳区望京", "科技路1号"],
)
def test_an_address_that_begins_otherwise_names_no_province(address: str | None) -> None:
    assert province_of(address) is None


@pytest.mark.parametrize("street", ["南京路1号", "北京东路2号", "上海大道3号", "广州一路4号"])
def test_a_street_is_not_in_the_city_it_is_called_after(street: str) -> None:
    assert province_of(street) is None


def tracked(*events: tuple[str, str], **more: Any) -> dict[str, Any]:
    """Return a frozen tracking; each event is a status and a place."""
    rows = [{"status": status, "place": place, "text": "", "at": ""} for status, place in events]
    status = rows[-1]["status"] if rows else None
    return {"status": status, "city": None, "events": rows, **more}


PICKED_UP, HUB = ("picked_up", "上海市"), ("at_hub", "武汉东西湖转运中心")


@pytest.mark.parametrize(
    ("events", "province"),
    [
        ([], None),
        ([PICKED_UP], None),
        ([PICKED_UP, HUB], None),
        ([PICKED_UP, HUB, ("arrived_city", "深圳市")], "广东省"),
        ([PICKED_UP, HUB, ("at_delivery_station", "深圳南山"), ("out_for_delivery", "")], "广东省"),
        ([PICKED_UP, ("unreachable", "成都武侯"), ("retained", "成都武侯")], "四川省"),
        ([PICKED_UP, ("signed", "广东,深圳市")], "广东省"),
        (
            [PICKED_UP, ("refused", "深圳市"), ("returning", "深圳市"), ("returned", "上海市")],
            "广东省",
        ),
        ([PICKED_UP, ("intercepted", "武汉市"), ("arrived_city", "上海市")], None),
        ([PICKED_UP, ("arrived_city", "深圳市"), ("misrouted", "深圳市")], None),
        (
            [PICKED_UP, ("arrived_city", "深圳市"), ("misrouted", ""), ("arrived_city", "成都市")],
            "四川省",
        ),
    ],
)
def test_a_parcel_goes_where_it_is_seen_to_be_delivered(
    events: list[tuple[str, str]], province: str | None
) -> None:
    assert destination_province(tracked(*events)) == province


@pytest.mark.parametrize(
    ("status", "province"), [("out_for_delivery", "广东省"), ("at_hub", None), ("returned", None)]
)
def test_the_city_it_is_in_counts_once_it_has_arrived(status: str, province: str | None) -> None:
    assert destination_province(tracked((status, ""), city="深圳市")) == province


def test_of_a_parcel_nobody_has_heard_of_nothing_is_known() -> None:
    bare: dict[str, Any] = {"waybill_no": "YT1", "carrier_code": None, "status": None, "events": []}
    assert destination_province(bare) is None


@given(
    st.lists(
        st.tuples(
            st.sampled_from([str(each) for each in ShipmentStatus]),
            st.one_of(st.text(max_size=8), st.sampled_from(["深圳市", "成都武侯", "上海"])),
        ),
        max_size=8,
    ),
    st.sampled_from([None, "深圳市", "未知"]),
)
def test_a_destination_is_a_province_or_unknown(
    events: list[tuple[str, str]], city: str | None
) -> None:
    found = destination_province(tracked(*events, city=city))
    assert found in {None, "广东省", "四川省", "上海市"} or province_of(found) == found
