"""Errors of the control doors; the aggregators' own errors are part of their protocols."""


class ControlError(Exception):
    """A control request that cannot be done: HTTP `status`, `code`, a Chinese sentence."""

    status = 400
    code = "bad_request"

    def __init__(self, detail: str) -> None:
        super().__init__(detail)
        self.detail = detail


class ParcelUnknown(ControlError):
    """No parcel of the network has this waybill number."""

    status, code = 404, "parcel_unknown"

    def __init__(self, waybill_no: str) -> None:
        super().__init__(f"模拟网络中没有运单 {waybill_no[:40]}")


class StateUnknown(ControlError):
    """The filter names a state that no parcel can have."""

    status, code = 400, "state_unknown"

    def __init__(self, word: str, words: tuple[str, ...]) -> None:
        super().__init__(f"没有状态 {word[:40]}，可用：{'、'.join(words)}")


class CarrierNotInNetwork(ControlError):
    """The filter names a carrier without parcels."""

    status, code = 400, "carrier_unknown"

    def __init__(self, carrier: str, codes: tuple[str, ...]) -> None:
        super().__init__(f"模拟网络中没有快递公司 {carrier[:40]}，可用：{'、'.join(codes)}")


class ClockTooFarAhead(ControlError):
    """Nothing happens in the network after that long."""

    status, code = 400, "clock_too_far_ahead"

    def __init__(self, days: int) -> None:
        super().__init__(f"模拟时钟最多比真实时间快 {days} 天")
