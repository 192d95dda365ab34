import pytest

from carriers.kdniao.signing import data_sign, is_signed

APP_KEY = "11112222-3333-4444-5555-666677778888"
QUERY = '{"OrderCode":"","ShipperCode":"SF","LogisticCode":"SF1234567890123","CustomerName":"6789"}'
NON_ASCII = '{"ShipperCode":"YTO","LogisticCode":"YT8765432109876","OrderCode":"订单-001"}'
PUSH = (
    '{"EBusinessID":"1237100","PushTime":"2026-01-02 03:04:05","Count":"1","Data":[{"EBusinessID":'
    '"1237100","OrderCode":"","ShipperCode":"SF","LogisticCode":"SF1234567890123","Success":true,'
    '"Reason":"","State":"2","StateEx":"202","Location":"深圳市","Callback":"","Traces":['
    '{"AcceptTime":"2026-01-02 03:00:00","AcceptStation":"快件正在派送","Location":"深圳市",'
    '"Action":"202"}]}]}'
)
VECTORS = [
    (QUERY, "MTU1MzQ2YTgxMjliYWM3YWRhMzRhYTE0M2E3Zjg4MzU="),
    (NON_ASCII, "MzUzMzY1ZDg2ZjZlNzE2NzVhNTVjNTUxNmY5N2IwZmQ="),
    (PUSH, "Zjg4MDUxNzZiZjc1NTljYzZhZGZiNDc3NWM0YmM4NzM="),
]


@pytest.mark.parametrize(("request_data", "published"), VECTORS, ids=["A", "B", "C"])
def test_the_published_signatures_come_out(request_data: str, published: str) -> None:
    assert data_sign(request_data, APP_KEY) == published
    assert is_signed(request_data, published, APP_KEY)


@pytest.mark.parametrize(
    "wrong",
    ["FVNGqBKbrHraNKoUOn+INQ==", "155346a8129bac7ada34aa143a7f8835", VECTORS[1][1], "", "签名"],
)
def test_a_wrong_signature_is_refused(wrong: str) -> None:
    assert not is_signed(QUERY, wrong, APP_KEY)


def test_another_key_or_a_changed_body_is_refused() -> None:
    assert not is_signed(QUERY, VECTORS[0][1], APP_KEY[:-1] + "9")
    assert not is_signed(QUERY.replace(",", ", "), VECTORS[0][1], APP_KEY)
