"""One sender for each channel: an address and a letter become a call of a channel's client."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from channels.aliyun_sms.client import AliyunSmsClient
from channels.dingtalk.client import DingtalkClient, DingtalkRobot
from channels.email.client import Mail, MailClient
from channels.errors import (
    AccountRefused,
    AnswerLost,
    ChannelError,
    ChannelUnavailable,
    MessageRefused,
)
from channels.tencent_sms.client import TencentSmsClient
from channels.webhooks.client import Subscriber, WebhookClient
from channels.wecom_robot.client import WecomRobotClient
from ticketing.notifications.manners import Channel


class AddressUnknown(MessageRefused):
    """Nothing is known of where the recipient is reached on this channel."""

    code = "address_unknown"


@dataclass(frozen=True)
class Address:
    """Where a recipient is reached; its representation shows nothing."""

    mail: str | None = field(default=None, repr=False)
    mobile: str | None = field(default=None, repr=False)
    robot_token: str | None = field(default=None, repr=False)
    robot_secret: str | None = field(default=None, repr=False)
    wecom_key: str | None = field(default=None, repr=False)
    url: str | None = field(default=None, repr=False)
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Letter:
    """What is to be sent; `id` is the delivery's and the same at every try.

    `values`: what fills the blanks, in their order. `body`: an event for a webhook.
    """

    id: str
    title: str
    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    vendor_codes: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""


@dataclass(frozen=True)
class Sent:
    """Who took a letter, and under which number."""

    provider: str
    provider_id: str | None = None


class Sender(Protocol):
    """Sends letters by one channel; raises ChannelError kinds."""

    async def send(self, address: Address, letter: Letter) -> Sent:
        """Send one letter."""

    async def aclose(self) -> None:
        """Close every connection."""


@dataclass(frozen=True)
class DingtalkSender:
    """By a group robot: the queue's own, else the house's."""

    client: DingtalkClient
    house: DingtalkRobot | None

    async def send(self, address: Address, letter: Letter) -> Sent:
        """Send markdown with the letter's title for a banner."""
        robot = self.house
        if address.robot_token:
            robot = DingtalkRobot(address.robot_token, address.robot_secret or "")
        if robot is None:
            raise AddressUnknown(Channel.DINGTALK)
        await self.client.send_markdown(robot, letter.title, letter.text)
        return Sent(Channel.DINGTALK)

    async def aclose(self) -> None:
        """Close every connection."""
        await self.client.aclose()


@dataclass(frozen=True)
class WecomSender:
    """By a group robot: the queue's own, else the house's."""

    client: WecomRobotClient
    house_key: str = field(repr=False)

    async def send(self, address: Address, letter: Letter) -> Sent:
        """Send markdown."""
        key = address.wecom_key or self.house_key
        if not key:
            raise AddressUnknown(Channel.WECOM_ROBOT)
        await self.client.send_markdown(key, letter.text)
        return Sent(Channel.WECOM_ROBOT)

    async def aclose(self) -> None:
        """Close every connection."""
        await self.client.aclose()


@dataclass(frozen=True)
class MailSender:
    """By mail."""

    client: MailClient

    async def send(self, address: Address, letter: Letter) -> Sent:
        """Send a mail whose Message-ID is the letter's id."""
        if not address.mail:
            raise AddressUnknown(Channel.EMAIL)
        mail = Mail(address.mail, letter.title, letter.text, letter.id)
        return Sent(Channel.EMAIL, await self.client.send(mail))

    async def aclose(self) -> None:
        """Close every connection."""
        await self.client.aclose()


@dataclass(frozen=True)
class WebhookSender:
    """To a subscriber."""

    client: WebhookClient

    async def send(self, address: Address, letter: Letter) -> Sent:
        """Post the event under the letter's id, by which a repetition is told."""
        if not address.url or not address.secret:
            raise AddressUnknown(Channel.WEBHOOK)
        await self.client.post(Subscriber(address.url, address.secret), letter.id, letter.body)
        return Sent(Channel.WEBHOOK, letter.id)

    async def aclose(self) -> None:
        """Close every connection."""
        await self.client.aclose()


@dataclass(frozen=True)
class SmsSender:
    """By SMS: the first vendor that will."""

    vendors: Sequence[AliyunSmsClient | TencentSmsClient]

    async def send(self, address: Address, letter: Letter) -> Sent:
        """Ask one vendor after the other, as long as it is sure that nothing was sent."""
        if not address.mobile:
            raise AddressUnknown(Channel.SMS)
        failure: ChannelError = AccountRefused(Channel.SMS, "no vendor")
        for vendor in self.vendors:
            try:
                return await _send_sms(vendor, address.mobile, letter)
            except (MessageRefused, AnswerLost):
                raise
            except (AccountRefused, ChannelUnavailable) as error:
                # A vendor that is only busy now is better news than one that will never do it.
                is_better = isinstance(error, ChannelUnavailable)
                is_first = failure.channel == Channel.SMS
                failure = error if is_better or is_first else failure
        raise failure

    async def aclose(self) -> None:
        """Close every connection."""
        for vendor in self.vendors:
            await vendor.aclose()


async def _send_sms(
    vendor: AliyunSmsClient | TencentSmsClient, mobile: str, letter: Letter
) -> Sent:
    code = letter.vendor_codes.get(vendor.name)
    if not code:
        raise AccountRefused(vendor.name, "no approved template")
    if isinstance(vendor, AliyunSmsClient):
        number = await vendor.send(mobile, code, letter.values, letter.id)
    else:
        number = await vendor.send(mobile, code, list(letter.values.values()), letter.id)
    return Sent(vendor.name, number)
