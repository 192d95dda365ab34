"""Everything that can go wrong between us and whoever carries a message, as one family.

ChannelError
├── ChannelUnavailable     down, 5xx, or refusing for a moment: try again
│   ├── ChannelUnreachable     no connection: nothing was sent
│   ├── ChannelThrottled       too many messages: not before `wait` is over
│   └── AnswerLost             no answer, or none that can be read: it may have been sent
├── AccountRefused         our key, signature, template or balance: a person must look
└── MessageRefused         this message, or whom it is for: another try changes nothing

No message holds a number, an address, a key or a URL, so all of them may be logged.
"""

from __future__ import annotations

from datetime import timedelta
from typing import ClassVar


class ChannelError(Exception):
    """Anything these libraries raise on purpose; `provider_code` is the provider's own word."""

    code: ClassVar[str] = "channel_error"

    def __init__(self, channel: str, provider_code: str = "") -> None:
        super().__init__(f"{channel}: {provider_code or self.code}")
        self.channel = channel
        self.provider_code = provider_code


class ChannelUnavailable(ChannelError):
    """The provider is down or cannot serve just now."""

    code = "channel_unavailable"


class ChannelUnreachable(ChannelUnavailable):
    """No connection came about, so nothing was sent."""

    code = "channel_unreachable"


class ChannelThrottled(ChannelUnavailable):
    """We send too much; nothing may be sent before `wait` is over."""

    code = "channel_throttled"

    def __init__(self, channel: str, provider_code: str, wait: timedelta) -> None:
        super().__init__(channel, provider_code)
        self.wait = wait


class AnswerLost(ChannelUnavailable):
    """The request left and no readable answer came back: the message may have been sent."""

    code = "answer_lost"


class AccountRefused(ChannelError):
    """Our account, key, signature, template or balance is not accepted."""

    code = "account_refused"


class MessageRefused(ChannelError):
    """The message itself, or whom it is for, is not accepted."""

    code = "message_refused"
