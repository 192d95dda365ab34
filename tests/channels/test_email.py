"""Mails over a real socket, to a server that keeps them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

import pytest

from channels.email.client import Mail, MailClient, MailConfig
from channels.errors import (
    AccountRefused,
    AnswerLost,
    ChannelError,
    ChannelUnavailable,
    ChannelUnreachable,
    MessageRefused,
)
from sandbox.faults import Provider
from tests.channels.conftest import NOW, Arrived, Fail

CONFIG = MailConfig(
    "127.0.0.1", 0, "yiwen@example.com", "TestMailPassword", "yiwen@example.com", security="none"
)
MAIL = Mail("wang@example.com", "工单 T1 超时", "请尽快处理。\n.\n末行", "delivery-1")

Make = Callable[..., MailClient]


@pytest.fixture
def mailer(mail_port: int) -> Make:
    return lambda **changes: MailClient(replace(CONFIG, port=mail_port, **changes), lambda: NOW)


async def test_a_mail_arrives_whole_with_a_lasting_id(mailer: Make, arrived: Arrived) -> None:
    told = await mailer().send(MAIL)
    [mail] = arrived(Provider.EMAIL)
    assert (mail.to, mail.title) == ("wang@example.com", "工单 T1 超时")
    assert mail.text == "请尽快处理。\n.\n末行"
    assert told == mail.detail["message_id"] == "<delivery-1@example.com>"


async def test_a_subject_is_one_line_whatever_it_was(mailer: Make, arrived: Arrived) -> None:
    await mailer().send(replace(MAIL, subject="工单\r\nBcc: everybody@example.com"))
    [mail] = arrived(Provider.EMAIL)
    assert mail.title == "工单 Bcc: everybody@example.com"


@pytest.mark.parametrize("address", ["", "nobody", "a@b\r\nX: y", "王 <a@b.com>"])
async def test_an_address_that_is_none_is_refused_before_anything_is_sent(
    mailer: Make, arrived: Arrived, address: str
) -> None:
    with pytest.raises(MessageRefused):
        await mailer().send(replace(MAIL, to=address))
    assert arrived(Provider.EMAIL) == []


async def test_a_mailbox_that_does_not_exist_is_the_messages_fault(mailer: Make) -> None:
    with pytest.raises(MessageRefused) as refused:
        await mailer().send(replace(MAIL, to="nobody@example.com"))
    assert refused.value.provider_code == "SMTP 550"
    assert "example.com" not in str(refused.value)


async def test_a_wrong_password_is_our_accounts_fault(mailer: Make) -> None:
    with pytest.raises(AccountRefused) as refused:
        await mailer(password="wrong").send(MAIL)
    assert refused.value.provider_code == "SMTP 535"


async def test_no_password_is_refused_by_a_server_that_wants_one(mailer: Make) -> None:
    with pytest.raises(AccountRefused):
        await mailer(username="", password="").send(MAIL)


async def test_somebody_elses_sender_is_refused(mailer: Make) -> None:
    with pytest.raises(AccountRefused) as refused:
        await mailer(sender="boss@example.com").send(MAIL)
    assert refused.value.provider_code == "SMTP 553"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("down", ChannelUnreachable),
        ("busy", ChannelUnavailable),
        ("error_500", MessageRefused),
        ("quota", MessageRefused),
        ("wrong_signature", AccountRefused),
    ],
)
async def test_each_fault_of_a_mail_server_has_its_error(
    mailer: Make, fail: Fail, arrived: Arrived, fault: str, error: type[ChannelError]
) -> None:
    fail("email", fault, times=1)
    with pytest.raises(error) as raised:
        await mailer().send(MAIL)
    assert type(raised.value) is error
    await mailer().send(MAIL)
    assert len(arrived(Provider.EMAIL)) == 1


async def test_nobody_listening_is_told_apart_from_a_lost_answer() -> None:
    with pytest.raises(ChannelUnreachable):
        await MailClient(replace(CONFIG, port=1), lambda: NOW).send(MAIL)


async def test_a_server_that_hangs_up_in_the_middle_leaves_us_in_doubt() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    with pytest.raises(ChannelUnavailable) as raised:
        await MailClient(replace(CONFIG, port=port), lambda: NOW).send(MAIL)
    assert isinstance(raised.value, AnswerLost | ChannelUnreachable)
    server.close()


async def test_a_server_without_tls_is_refused_when_tls_is_wanted(mailer: Make) -> None:
    with pytest.raises(ChannelError):
        await mailer(security="starttls").send(MAIL)


async def test_nothing_secret_shows_in_a_representation() -> None:
    assert "TestMailPassword" not in repr(CONFIG)
    assert "wang@" not in repr(MAIL)
