"""What each channel is like: when it rests, what may be sent twice, how much it takes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from channels.dingtalk.client import ALLOWANCE as DINGTALK_ALLOWANCE
from channels.patience import Allowance
from channels.wecom_robot.client import ALLOWANCE as WECOM_ALLOWANCE


class Channel(StrEnum):
    """Ways out of the house beside the chat."""

    DINGTALK = "dingtalk"
    WECOM_ROBOT = "wecom_robot"
    SMS = "sms"
    EMAIL = "email"
    WEBHOOK = "webhook"


class State(StrEnum):
    """How a delivery stands.

    `held` waits for the morning; `sending` is in somebody's hands, or nobody knows whether it
    left; `sent` was taken by the provider; `delivered` and `failed` are what its report says;
    `dead` is given up; `merged` went out as part of another one.
    """

    QUEUED = "queued"
    HELD = "held"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"
    DEAD = "dead"
    MERGED = "merged"


WAITING = (State.QUEUED, State.HELD)
REPLAYABLE = (State.DEAD, State.FAILED)


@dataclass(frozen=True)
class Manner:
    """`lease`: how long a sender may be silent before it is taken for dead.

    `may_repeat`: whether something that may have been sent is sent again: a mail and an event
    carry an id their receiver can tell a repetition by, a robot's line read twice does no harm.
    """

    rests_at_night: bool
    may_repeat: bool
    gathers: bool
    allowance: Allowance | None = None
    lease: timedelta = timedelta(minutes=1)


_ROBOT = Manner(rests_at_night=True, may_repeat=True, gathers=True)
MANNERS: Mapping[Channel, Manner] = {
    Channel.DINGTALK: replace(_ROBOT, allowance=DINGTALK_ALLOWANCE),
    Channel.WECOM_ROBOT: replace(_ROBOT, allowance=WECOM_ALLOWANCE),
    Channel.SMS: Manner(True, False, False, lease=timedelta(minutes=10)),
    Channel.EMAIL: Manner(False, True, True),
    Channel.WEBHOOK: Manner(False, True, False),
}
GATHERING = timedelta(minutes=2)
"""How long an unimportant notice waits for others to go out with it."""
