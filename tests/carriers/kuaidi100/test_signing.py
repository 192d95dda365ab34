import pytest

from carriers.kuaidi100.signing import callback_sign, is_callback_signed, order_sign, query_sign

KEY = "TestKey12345"
CUSTOMER = "0123456789ABCDEF0123456789ABCDEF"
COMPACT = (
    '{"com":"yuantong","num":"YT8765432109876","phone":"","from":"","to":"","resultv2":"4",'
    '"show":"0","order":"desc"}'
)
SPACED = (
    '{"com": "yuantong", "num": "YT8765432109876", "phone": "", "from": "", "to": "", '
    '"resultv2": "4", "show": "0", "order": "desc"}'
)
LABEL = (
    '{"kuaidicom":"zhongtong","from":"广东深圳南山区","to":"北京海淀区",'
    '"orderTime":"2026-01-02 03:04:05","expType":"标准快递"}'
)
CALLBACK = (
    '{"status":"polling","billstatus":"","message":"","autoCheck":"0","comOld":"","comNew":"",'
    '"lastResult":{"message":"ok","state":"0","status":"200","condition":"F00","ischeck":"0",'
    '"com":"yuantong","nu":"YT8765432109876","data":[]}}'
)


@pytest.mark.parametrize(
    ("param", "published"),
    [
        (COMPACT, "03C793FF932E85607B360B44597D43A7"),
        (SPACED, "98EA8767D1EE56193B278DDD33440DD6"),
    ],
    ids=["Q1", "Q2"],
)
def test_the_published_query_signatures_come_out(param: str, published: str) -> None:
    assert query_sign(param, KEY, CUSTOMER) == published


def test_the_published_sha256_signature_comes_out() -> None:
    assert (
        query_sign(COMPACT, KEY, CUSTOMER, "SHA256")
        == "DD869CDD0C4686FB44765BF7883A257F9D5168D805C94CB8B92BC7990F6B14E5"
    )


def test_key_and_customer_in_the_wrong_order_give_another_signature() -> None:
    assert query_sign(COMPACT, CUSTOMER, KEY) != query_sign(COMPACT, KEY, CUSTOMER)


def test_the_published_label_signature_comes_out() -> None:
    signature = order_sign(LABEL, "1576123932000", KEY, "TestSecret67890")
    assert signature == "990BD6DC46AA7302EB0A688FC630C6DD"


@pytest.mark.parametrize(
    ("salt", "published"),
    [
        ("s3cr3t-salt", "C1701F7BBF5BF185A5D2603FF5B51AD5"),
        ("", "2388D70C132AF6715AB858F4A65B12D9"),
    ],
)
def test_the_published_callback_signatures_come_out(salt: str, published: str) -> None:
    assert callback_sign(CALLBACK, salt) == published
    assert is_callback_signed(CALLBACK, published.lower(), salt)


def test_a_callback_with_another_salt_or_body_is_refused() -> None:
    signature = callback_sign(CALLBACK, "s3cr3t-salt")
    assert not is_callback_signed(CALLBACK, signature, "")
    assert not is_callback_signed(CALLBACK + " ", signature, "s3cr3t-salt")
