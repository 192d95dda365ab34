"""Sending a mail over SMTP (RFC 5321, AUTH, STARTTLS)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Literal

import aiosmtplib

from channels.errors import (
    AccountRefused,
    AnswerLost,
    ChannelError,
    ChannelUnavailable,
    ChannelUnreachable,
    MessageRefused,
)

CHANNEL = "email"
TIMEOUT_SECONDS = 10.0
Security = Literal["starttls", "tls", "none"]


@dataclass(frozen=True, slots=True)
class MailConfig:
    """The server, our account there, and the address mails come from."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)
    sender: str
    sender_name: str = "驿问"
    security: Security = "starttls"


@dataclass(frozen=True)
class Mail:
    """A mail of plain text. `message_id` is the same at each try, so that a server may notice."""

    to: str = field(repr=False)
    subject: str
    text: str
    message_id: str


class MailClient:
    """Sends one mail in a connection of its own."""

    def __init__(self, config: MailConfig, now: Callable[[], datetime]) -> None:
        self._config = config
        self._now = now

    async def send(self, mail: Mail) -> str:
        """Send a mail; return its Message-ID. Raises ChannelError kinds."""
        config = self._config
        try:
            message = self._message(mail)
        except (ValueError, IndexError, MessageError):
            raise MessageRefused(CHANNEL, "address cannot be read") from None
        try:
            await aiosmtplib.send(
                message,
                hostname=config.host,
                port=config.port,
                username=config.username or None,
                password=config.password or None,
                use_tls=config.security == "tls",
                start_tls=config.security == "starttls",
                timeout=TIMEOUT_SECONDS,
            )
        except (aiosmtplib.SMTPException, OSError) as fault:
            # The server's words may quote the address.
            raise translated(fault) from None
        return str(message["Message-ID"])

    async def aclose(self) -> None:
        """Nothing stays open."""

    def _message(self, mail: Mail) -> EmailMessage:
        config, message = self._config, EmailMessage()
        message["From"] = Address(config.sender_name, addr_spec=config.sender)
        message["To"] = Address(addr_spec=mail.to)
        message["Subject"] = " ".join(mail.subject.split())
        message["Date"] = format_datetime(self._now())
        message["Message-ID"] = f"<{mail.message_id}@{config.sender.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(mail.text)
        return message


# What a 5xx reply means; a 4xx one may pass. The order matters: kinds before their parents.
_BY_REPLY: tuple[tuple[type[aiosmtplib.SMTPResponseException], type[ChannelError]], ...] = (
    (aiosmtplib.SMTPAuthenticationError, AccountRefused),
    (aiosmtplib.SMTPSenderRefused, AccountRefused),
    (aiosmtplib.SMTPResponseException, MessageRefused),
)
_UNREACHABLE = (aiosmtplib.SMTPConnectError, aiosmtplib.SMTPConnectTimeoutError)


def translated(fault: Exception) -> ChannelError:
    """Our error for one of SMTP."""
    if isinstance(fault, _UNREACHABLE):
        return ChannelUnreachable(CHANNEL, "no connection")
    if isinstance(fault, aiosmtplib.SMTPRecipientsRefused):
        return _by_code(max(row.code for row in fault.recipients), MessageRefused)
    if isinstance(fault, aiosmtplib.SMTPResponseException):
        return _by_code(
            fault.code, next(ours for kind, ours in _BY_REPLY if isinstance(fault, kind))
        )
    if isinstance(fault, aiosmtplib.SMTPNotSupported):
        return AccountRefused(CHANNEL, "server lacks a feature")
    return AnswerLost(CHANNEL, "connection broke")


def _by_code(code: int, permanent: type[ChannelError]) -> ChannelError:
    kind = permanent if code >= 500 else ChannelUnavailable
    return kind(CHANNEL, f"SMTP {code}")
