import pytest

from carriers.scan_texts import city_of, place_from_text, status_from_text


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("包裹等待揽收", "waiting_pickup"),
        ("【苏州吴江】已揽收，揽件员小林", "picked_up"),
        ("快件离开【吴江揽收部】，准备送往无锡", "in_transit"),
        ("快件到达【无锡转运中心】", "at_hub"),
        ("已到达派件网点", "at_delivery_station"),
        ("小林正在为您派件，请保持电话畅通", "out_for_delivery"),
        ("派送途中，请您签收", "out_for_delivery"),
        ("派送失败，地址上锁", "delivery_problem"),
        ("收件人电话无人接听，改日再送", "unreachable"),
        ("已存放至学府路驿站", "in_locker"),
        ("门卫代签", "signed_by_other"),
        ("快递员已将快件从柜中取出", "taken_from_locker"),
        ("快件送往代收点", "unknown"),
        ("本人已签收", "signed"),
        ("外包装破损，已拍照", "damaged"),
        ("快件错分，退转正确网点", "misrouted"),
        ("收件人拒收", "refused"),
        ("退件已由寄件人签收", "returned"),
        ("快件退回途中", "returning"),
        ("已清关", "customs_cleared"),
        ("等待海关查验", "customs"),
        ("天气晴朗", "unknown"),
    ],
)
def test_words_tell_the_status(text: str, status: str) -> None:
    assert status_from_text(text) == status


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("【杭州市】快件已到达", "杭州市"),
        ("[合肥市]离开", "合肥市"),
        ("快件到达【杭州】", ""),
        ("【林**/138****0000】正在派件", ""),
        ("", ""),
    ],
)
def test_a_place_in_brackets_is_read_and_a_courier_is_not(text: str, place: str) -> None:
    assert place_from_text(text) == place


@pytest.mark.parametrize(
    ("region", "city"),
    [
        ("广东,东莞市", "东莞市"),
        ("广东,深圳", "深圳"),
        ("广东省深圳市南山区", "深圳市"),
        ("内蒙古自治区呼和浩特市", "呼和浩特市"),
        ("上海市", "上海市"),
        ("北京,朝阳区", "北京"),
        ("香港", "香港"),
        ("华东转运中心", None),
        ("", None),
        (",", None),
    ],
)
def test_the_city_is_found_in_a_region(region: str, city: str | None) -> None:
    assert city_of(region) == city
