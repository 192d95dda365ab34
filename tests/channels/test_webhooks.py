"""Signed events reach their subscriber, and nobody inside the house."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from ipaddress import ip_address

import httpx
import pytest

from channels.errors import (
    AnswerLost,
    ChannelError,
    ChannelThrottled,
    ChannelUnavailable,
    ChannelUnreachable,
    MessageRefused,
)
from channels.webhooks import guard
from channels.webhooks.client import Subscriber, SubscriberGone, WebhookClient, refusal
from channels.webhooks.guard import UrlNotAllowed
from sandbox.faults import Provider
from tests.channels.conftest import NOW, Arrived, Fail

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
INBOX = Subscriber("http://sandbox/hooks/inbox", SECRET)
BODY = b'{"type":"ticket_opened","data":{"ticket_no":"T1"}}'


@pytest.fixture
def client(network: httpx.ASGITransport) -> WebhookClient:
    return WebhookClient(lambda: NOW, private_allowed=True, transport=network)


async def test_a_signed_event_is_taken_and_a_repetition_noticed(
    client: WebhookClient, arrived: Arrived
) -> None:
    await client.post(INBOX, "msg_1", BODY)
    await client.post(INBOX, "msg_1", BODY)
    first, second = arrived(Provider.WEBHOOKS)
    assert (first.to, first.title, first.text) == ("msg_1", "ticket_opened", BODY.decode())
    assert (first.detail["repeated"], second.detail["repeated"]) == (False, True)


async def test_a_wrong_secret_is_not_trusted(client: WebhookClient, arrived: Arrived) -> None:
    wrong = Subscriber(INBOX.url, "whsec_d3Jvbmdzb21ldGhpbmc0NTY3ODk=")
    with pytest.raises(ChannelUnavailable, match="HTTP 401"):
        await client.post(wrong, "msg_1", BODY)
    assert arrived(Provider.WEBHOOKS) == []


async def test_a_stale_clock_is_not_trusted(network: httpx.ASGITransport) -> None:
    late = WebhookClient(
        lambda: NOW - timedelta(minutes=6), private_allowed=True, transport=network
    )
    with pytest.raises(ChannelUnavailable, match="HTTP 401"):
        await late.post(INBOX, "msg_1", BODY)


async def test_no_redirect_is_followed(client: WebhookClient, arrived: Arrived) -> None:
    with pytest.raises(MessageRefused, match="HTTP 307"):
        await client.post(Subscriber("http://sandbox/hooks/moved", SECRET), "msg_1", BODY)
    assert arrived(Provider.WEBHOOKS) == []


async def test_a_subscriber_that_is_gone_says_so(client: WebhookClient) -> None:
    with pytest.raises(SubscriberGone):
        await client.post(Subscriber("http://sandbox/hooks/gone", SECRET), "msg_1", BODY)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("down", ChannelUnavailable),
        ("error_500", ChannelUnavailable),
        ("busy", ChannelThrottled),
        ("wrong_signature", ChannelUnavailable),
    ],
)
async def test_each_fault_of_a_subscriber_may_pass(
    client: WebhookClient, fail: Fail, fault: str, error: type[ChannelError]
) -> None:
    fail("webhooks", fault, times=1)
    with pytest.raises(error):
        await client.post(INBOX, "msg_1", BODY)
    await client.post(INBOX, "msg_1", BODY)


@pytest.mark.parametrize(
    "url",
    [
        "http://example.com/hook",
        "ftp://example.com/hook",
        "https://user:pass@example.com/hook",
        "https://example.com/hook#part",
        "https://",
        "//example.com",
        "not a url",
        "https://127.0.0.1/hook",
        "https://10.1.2.3/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/hook",
        "https://[::ffff:127.0.0.1]/hook",
        "https://[64:ff9b::a00:1]/hook",
        "https://0.0.0.0/hook",
        "https://100.64.0.1/hook",
        "https://[fd00::1]/hook",
        f"https://example.com/{'x' * 500}",
    ],
)
def test_an_address_inside_or_unfit_is_refused_at_sight(url: str) -> None:
    with pytest.raises(UrlNotAllowed):
        guard.checked_url(url, private_allowed=False)


@pytest.mark.parametrize("url", ["https://example.com/hook", "https://8.8.8.8:8443/hook?a=1"])
def test_an_ordinary_address_is_allowed(url: str) -> None:
    assert str(guard.checked_url(url, private_allowed=False)) == url


def test_a_demo_may_call_itself_but_not_with_credentials() -> None:
    assert guard.checked_url("http://127.0.0.1:8090/hooks", private_allowed=True).port == 8090
    with pytest.raises(UrlNotAllowed):
        guard.checked_url("http://a:b@127.0.0.1/", private_allowed=True)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("64:ff9b::808:808", True),
        ("2002:7f00:1::", False),
        ("224.0.0.1", False),
        ("ff02::1", False),
        ("192.168.1.1", False),
        ("255.255.255.255", False),
    ],
)
def test_what_is_out_in_the_internet(address: str, public: bool) -> None:
    assert guard.is_public(ip_address(address)) is public


async def test_a_name_that_leads_inside_is_refused_and_nothing_is_sent() -> None:
    seen: list[httpx.Request] = []
    client = guarded(["8.8.8.8", "127.0.0.1"], seen)
    with pytest.raises(UrlNotAllowed):
        await client.post(Subscriber("https://example.com/hook", SECRET), "msg_1", BODY)
    assert seen == []


async def test_the_connection_goes_to_the_address_that_was_looked_at() -> None:
    seen: list[httpx.Request] = []
    client = guarded(["8.8.8.8"], seen)
    await client.post(Subscriber("https://example.com:8443/hook?x=1", SECRET), "msg_1", BODY)
    assert str(seen[0].url) == "https://8.8.8.8:8443/hook?x=1"
    assert seen[0].headers["host"] == "example.com:8443"
    assert seen[0].extensions["sni_hostname"] == "example.com"


async def test_an_ipv6_address_is_connected_to_as_well() -> None:
    seen: list[httpx.Request] = []
    client = guarded(["2606:4700::1111"], seen)
    await client.post(Subscriber("https://example.com/hook", SECRET), "msg_1", BODY)
    assert seen[0].url.host == "2606:4700::1111"


async def test_a_name_nobody_knows_is_tried_again() -> None:
    with pytest.raises(ChannelUnreachable):
        await guarded([], []).post(Subscriber("https://example.com/", SECRET), "m", BODY)
    with pytest.raises(ChannelUnreachable):
        await guard.system_resolve("no-such-name.invalid", 443)


async def test_the_machine_resolves_itself_and_is_refused() -> None:
    with pytest.raises(UrlNotAllowed):
        await WebhookClient(lambda: NOW).post(Subscriber("https://localhost/", SECRET), "m", BODY)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (httpx.ConnectError("https://secret"), ChannelUnreachable),
        (httpx.ReadTimeout("https://secret"), AnswerLost),
    ],
)
async def test_a_broken_network_is_told_without_the_address(
    fault: httpx.HTTPError, error: type[ChannelError]
) -> None:
    def broken(_: httpx.Request) -> httpx.Response:
        raise fault

    client = WebhookClient(lambda: NOW, private_allowed=True, transport=httpx.MockTransport(broken))
    with pytest.raises(error) as raised:
        await client.post(INBOX, "m", BODY)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (204, None),
        (302, MessageRefused),
        (400, ChannelUnavailable),
        (404, ChannelUnavailable),
        (410, SubscriberGone),
        (429, ChannelThrottled),
        (503, ChannelUnavailable),
    ],
)
def test_what_a_status_means(status: int, error: type[ChannelError] | None) -> None:
    refused = refusal(status)
    assert (type(refused) if refused else None) is error


def test_nothing_secret_shows_in_a_representation() -> None:
    assert SECRET not in repr(INBOX)
    assert "sandbox" not in repr(INBOX)


def guarded(addresses: list[str], seen: list[httpx.Request]) -> WebhookClient:
    async def resolve(_host: str, _port: int) -> list[str]:
        return addresses

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200)

    network: Callable[[httpx.Request], httpx.Response] = handle
    return WebhookClient(lambda: NOW, transport=httpx.MockTransport(network), resolve=resolve)
