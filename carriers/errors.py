"""Everything that can go wrong between us and a carrier, as one family.

CarrierError
├── ProviderError             the provider's or our fault: another provider may help
│   ├── ProviderUnavailable   down, 5xx, or refusing without a reason we know
│   │   ├── ProviderUnreachable   no connection (retried)
│   │   ├── ProviderBusy          a documented "busy, come back" code (retried)
│   │   └── ProviderResting       our circuit breaker is open: not asked at all
│   ├── ProviderTimeout
│   ├── ProviderAnswerUnreadable
│   ├── ProviderMisconfigured     signature, id, key or address is wrong: raise an alarm
│   └── QuotaExhausted
├── ParcelError               an answer about the parcel: another try changes nothing
│   ├── PhoneTailRequired
│   ├── PhoneTailWrong
│   ├── WaybillUnknown
│   └── CarrierUnknown
└── AllProvidersFailed        every provider failed; `causes` says how

No message holds a phone digit, a key or a scan text, so all of them may be logged.
"""

from typing import ClassVar


class CarrierError(Exception):
    """Anything this library raises on purpose."""

    code: ClassVar[str] = "carrier_error"


class ProviderError(CarrierError):
    """A provider could not answer; `provider` names it."""

    code = "provider_error"

    def __init__(self, provider: str, why: str = "") -> None:
        super().__init__(f"{provider}: {why or self.code}")
        self.provider = provider
        self.why = why


class ProviderUnavailable(ProviderError):
    """The provider is down or answers with a server error."""

    code = "provider_unavailable"


class ProviderUnreachable(ProviderUnavailable):
    """No connection came about, or it broke before the answer was whole."""

    code = "provider_unreachable"


class ProviderBusy(ProviderUnavailable):
    """The provider asks to come back in a moment."""

    code = "provider_busy"


class ProviderResting(ProviderUnavailable):
    """The provider failed too often lately and is not asked for a while."""

    code = "provider_resting"


class ProviderTimeout(ProviderError):
    """The provider did not answer in the time it was given."""

    code = "provider_timeout"


class ProviderAnswerUnreadable(ProviderError):
    """The answer is not what the protocol promises."""

    code = "provider_answer_unreadable"


class ProviderMisconfigured(ProviderError):
    """Our id, key, signature or address is not accepted."""

    code = "provider_misconfigured"


class QuotaExhausted(ProviderError):
    """The account has no queries left."""

    code = "quota_exhausted"


class ParcelError(CarrierError):
    """What a provider, or our catalog, says about the parcel itself."""

    code = "parcel_error"


class PhoneTailRequired(ParcelError):
    """This carrier answers nothing without the last four digits of a phone number."""

    code = "phone_tail_required"


class PhoneTailWrong(ParcelError):
    """The digits belong neither to the sender nor to the receiver."""

    code = "phone_tail_wrong"


class WaybillUnknown(ParcelError):
    """No provider has ever heard of this number."""

    code = "waybill_unknown"


class CarrierUnknown(ParcelError):
    """The number fits no carrier, or no provider serves the carrier."""

    code = "carrier_unknown"


class AllProvidersFailed(CarrierError):
    """Nobody could be asked; `causes` holds one error per provider, in the order of asking."""

    code = "all_providers_failed"

    def __init__(self, causes: tuple[ProviderError, ...]) -> None:
        super().__init__("; ".join(str(cause) for cause in causes) or "no provider is configured")
        self.causes = causes

    @property
    def timed_out(self) -> bool:
        """Whether slowness, rather than refusal, was the last obstacle."""
        return bool(self.causes) and isinstance(self.causes[-1], ProviderTimeout)
