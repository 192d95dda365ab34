import httpx
import pytest

from carriers.errors import (
    ProviderAnswerUnreadable,
    ProviderError,
    ProviderMisconfigured,
    ProviderTimeout,
    ProviderUnavailable,
    ProviderUnreachable,
    QuotaExhausted,
)
from carriers.wire import Wire

URL = "https://api.kdniao.com/Ebusiness/EbusinessOrderHandle.aspx"


def wire(outcome: httpx.Response | Exception) -> Wire:
    def answer(_: httpx.Request) -> httpx.Response:
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    return Wire("kdniao", httpx.MockTransport(answer))


@pytest.mark.parametrize(
    ("outcome", "error"),
    [
        (httpx.ConnectError("x"), ProviderUnreachable),
        (httpx.ReadError("x"), ProviderUnreachable),
        (httpx.RemoteProtocolError("x"), ProviderUnreachable),
        (httpx.ReadTimeout("x"), ProviderTimeout),
        (httpx.ConnectTimeout("x"), ProviderTimeout),
        (httpx.UnsupportedProtocol("x"), ProviderMisconfigured),
        (httpx.InvalidURL("x"), ProviderMisconfigured),
        (httpx.DecodingError("x"), ProviderAnswerUnreadable),
        (httpx.TooManyRedirects("x"), ProviderUnavailable),
        (httpx.Response(500), ProviderUnavailable),
        (httpx.Response(503), ProviderUnavailable),
        (httpx.Response(429), QuotaExhausted),
        (httpx.Response(404), ProviderMisconfigured),
        (httpx.Response(302), ProviderMisconfigured),
        (httpx.Response(200, content=b'{"Success":tr'), ProviderAnswerUnreadable),
        (httpx.Response(200, content=b""), ProviderAnswerUnreadable),
        (httpx.Response(200, content=b"\xff\xfe\xfa"), ProviderAnswerUnreadable),
        (httpx.Response(200, content=b"<html>"), ProviderAnswerUnreadable),
    ],
)
async def test_a_fault_of_the_network_becomes_our_error(
    outcome: httpx.Response | Exception, error: type[ProviderError]
) -> None:
    with pytest.raises(ProviderError) as raised:
        await wire(outcome).post_form(URL, {"a": "b"})
    assert type(raised.value) is error
    assert raised.value.provider == "kdniao"


async def test_an_unreadable_body_is_not_quoted_in_the_error() -> None:
    with pytest.raises(ProviderAnswerUnreadable) as raised:
        await wire(httpx.Response(200, content="小林13800000000".encode())).post_form(URL, {})
    assert "138" not in str(raised.value)
    assert raised.value.__cause__ is None
    assert raised.value.__suppress_context__


async def test_json_is_read_with_or_without_byte_order_mark() -> None:
    body = '{"a":"订单"}'.encode()
    assert await wire(httpx.Response(200, content=body)).post_form(URL, {}) == {"a": "订单"}
    marked = httpx.Response(200, content=b"\xef\xbb\xbf" + body)
    assert await wire(marked).post_form(URL, {}) == {"a": "订单"}
