"""Faults that can be switched on, per provider."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum


class Provider(StrEnum):
    """Who can fail."""

    KDNIAO = "kdniao"
    KUAIDI100 = "kuaidi100"
    DINGTALK = "dingtalk"
    WECOM_ROBOT = "wecom_robot"
    ALIYUN_SMS = "aliyun_sms"
    TENCENT_SMS = "tencent_sms"
    EMAIL = "email"
    WEBHOOKS = "webhooks"


class FaultTarget(StrEnum):
    """A provider, or all of them."""

    KDNIAO = "kdniao"
    KUAIDI100 = "kuaidi100"
    DINGTALK = "dingtalk"
    WECOM_ROBOT = "wecom_robot"
    ALIYUN_SMS = "aliyun_sms"
    TENCENT_SMS = "tencent_sms"
    EMAIL = "email"
    WEBHOOKS = "webhooks"
    ALL = "all"

    def hits(self, provider: Provider) -> bool:
        """Whether calls to this provider suffer."""
        return self is FaultTarget.ALL or self.value == provider.value


class FaultKind(StrEnum):
    """How a provider can fail."""

    SLOW = "slow"
    ERROR_500 = "error_500"
    WRONG_SIGNATURE = "wrong_signature"
    TRUNCATED_JSON = "truncated_json"
    QUOTA = "quota"
    DOWN = "down"
    BUSY = "busy"
    """Asks to come back later, in the provider's own words; the aggregators have none."""
    UNDELIVERED = "undelivered"
    """An SMS is accepted, and reported later as not delivered."""


@dataclass(frozen=True)
class Fault:
    """One fault; `seconds` is the delay of a slow one, `times_left` None means until removed."""

    provider: FaultTarget
    kind: FaultKind
    seconds: float = 5.0
    times_left: int | None = None

    @property
    def is_spent(self) -> bool:
        """No call is left to spoil."""
        return self.times_left == 0

    def used_once(self) -> "Fault":
        """The fault after it has spoilt one call."""
        return self if self.times_left is None else replace(self, times_left=self.times_left - 1)


class FaultBoard:
    """The faults that are on, oldest first."""

    def __init__(self) -> None:
        self._faults: tuple[Fault, ...] = ()

    def listing(self) -> tuple[Fault, ...]:
        """What is on now."""
        return self._faults

    def put(self, fault: Fault) -> None:
        """Switch a fault on; it takes the place of the same kind at the same provider."""
        others = (f for f in self._faults if (f.provider, f.kind) != (fault.provider, fault.kind))
        self._keep((*others, fault))

    def clear(self) -> None:
        """Switch everything off."""
        self._faults = ()

    def strike(self, provider: Provider) -> dict[FaultKind, Fault]:
        """The faults this call suffers; each is used up by one."""
        hitting = {f.kind: f for f in self._faults if f.provider.hits(provider)}
        self._keep(f.used_once() if hitting.get(f.kind) == f else f for f in self._faults)
        return hitting

    def _keep(self, faults: Iterable[Fault]) -> None:
        self._faults = tuple(fault for fault in faults if not fault.is_spent)
