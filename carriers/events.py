"""What a parcel can be in, and one scan of it."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum


class ShipmentStatus(StrEnum):
    """The states a parcel can be in, whichever provider told us.

    Values are lower_snake words for JSON and the database; `label` is what customers read.
    """

    NO_INFORMATION = "no_information"
    ORDERED = "ordered"
    WAITING_PICKUP = "waiting_pickup"
    PICKED_UP = "picked_up"
    IN_TRANSIT = "in_transit"
    LEFT_ORIGIN = "left_origin"
    AT_HUB = "at_hub"
    ARRIVED_CITY = "arrived_city"
    AT_DELIVERY_STATION = "at_delivery_station"
    OUT_FOR_DELIVERY = "out_for_delivery"
    IN_LOCKER = "in_locker"
    TAKEN_FROM_LOCKER = "taken_from_locker"
    REDELIVERING = "redelivering"
    FORWARDED = "forwarded"

    SIGNED = "signed"
    SIGNED_BY_OTHER = "signed_by_other"
    SIGNED_AT_LOCKER = "signed_at_locker"
    SIGNED_AFTER_PROBLEM = "signed_after_problem"
    RETURNED = "returned"
    CANCELLED = "cancelled"

    PROBLEM = "problem"
    NO_SCAN = "no_scan"
    DELIVERY_OVERDUE = "delivery_overdue"
    STALLED = "stalled"
    RETAINED = "retained"
    DELAYED = "delayed"
    DELIVERY_PROBLEM = "delivery_problem"
    LOCKER_OVERDUE = "locker_overdue"
    UNREACHABLE = "unreachable"
    ADDRESS_INCOMPLETE = "address_incomplete"
    PHONE_WRONG = "phone_wrong"
    OUT_OF_RANGE = "out_of_range"
    MISROUTED = "misrouted"
    DAMAGED = "damaged"
    LOST = "lost"
    UNCLAIMED = "unclaimed"
    PROHIBITED = "prohibited"
    REFUSED = "refused"
    INTERCEPTED = "intercepted"
    RETURNING = "returning"

    CUSTOMS = "customs"
    CUSTOMS_WAITING = "customs_waiting"
    CUSTOMS_CLEARING = "customs_clearing"
    CUSTOMS_CLEARED = "customs_cleared"
    CUSTOMS_PROBLEM = "customs_problem"

    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The Chinese words a customer reads."""
        return _LABELS[self]

    @property
    def is_final(self) -> bool:
        """Whether no further scan is to be expected."""
        return self in _FINAL

    @property
    def is_problem(self) -> bool:
        """Whether something went wrong that somebody should look at."""
        return self in _PROBLEMS


_S = ShipmentStatus

_LABELS = {
    _S.NO_INFORMATION: "暂无物流信息",
    _S.ORDERED: "已下单",
    _S.WAITING_PICKUP: "待揽收",
    _S.PICKED_UP: "已揽收",
    _S.IN_TRANSIT: "运输中",
    _S.LEFT_ORIGIN: "寄件网点已发出",
    _S.AT_HUB: "到达转运中心",
    _S.ARRIVED_CITY: "到达派件城市",
    _S.AT_DELIVERY_STATION: "到达派件网点",
    _S.OUT_FOR_DELIVERY: "派送中",
    _S.IN_LOCKER: "已放入快递柜或驿站",
    _S.TAKEN_FROM_LOCKER: "已从快递柜取出",
    _S.REDELIVERING: "重新派送",
    _S.FORWARDED: "已转寄",
    _S.SIGNED: "已签收",
    _S.SIGNED_BY_OTHER: "他人代签收",
    _S.SIGNED_AT_LOCKER: "快递柜或驿站签收",
    _S.SIGNED_AFTER_PROBLEM: "异常后已签收",
    _S.RETURNED: "退件已签收",
    _S.CANCELLED: "已取消寄件",
    _S.PROBLEM: "运输异常",
    _S.NO_SCAN: "发货无信息",
    _S.DELIVERY_OVERDUE: "超时未签收",
    _S.STALLED: "超时未更新",
    _S.RETAINED: "滞留",
    _S.DELAYED: "配送延迟",
    _S.DELIVERY_PROBLEM: "派件异常",
    _S.LOCKER_OVERDUE: "快递柜或驿站超时未取",
    _S.UNREACHABLE: "无法联系收件人",
    _S.ADDRESS_INCOMPLETE: "收货地址不详细",
    _S.PHONE_WRONG: "收件人电话有误",
    _S.OUT_OF_RANGE: "超出派送范围",
    _S.MISROUTED: "错分件",
    _S.DAMAGED: "破损",
    _S.LOST: "丢失",
    _S.UNCLAIMED: "长期无人领取",
    _S.PROHIBITED: "违规件",
    _S.REFUSED: "已拒收",
    _S.INTERCEPTED: "已拦截",
    _S.RETURNING: "退回中",
    _S.CUSTOMS: "清关",
    _S.CUSTOMS_WAITING: "待清关",
    _S.CUSTOMS_CLEARING: "清关中",
    _S.CUSTOMS_CLEARED: "已清关",
    _S.CUSTOMS_PROBLEM: "清关异常",
    _S.UNKNOWN: "状态未知",
}

_FINAL = frozenset(
    {
        _S.SIGNED,
        _S.SIGNED_BY_OTHER,
        _S.SIGNED_AT_LOCKER,
        _S.SIGNED_AFTER_PROBLEM,
        _S.RETURNED,
        _S.CANCELLED,
    }
)

_PROBLEMS = frozenset(
    {
        _S.PROBLEM,
        _S.NO_SCAN,
        _S.DELIVERY_OVERDUE,
        _S.STALLED,
        _S.RETAINED,
        _S.DELAYED,
        _S.DELIVERY_PROBLEM,
        _S.LOCKER_OVERDUE,
        _S.UNREACHABLE,
        _S.ADDRESS_INCOMPLETE,
        _S.PHONE_WRONG,
        _S.OUT_OF_RANGE,
        _S.MISROUTED,
        _S.DAMAGED,
        _S.LOST,
        _S.UNCLAIMED,
        _S.PROHIBITED,
        _S.REFUSED,
        _S.INTERCEPTED,
        _S.RETURNING,
        _S.CUSTOMS_PROBLEM,
    }
)


@dataclass(frozen=True, slots=True)
class TrackingEvent:
    """One scan of a parcel.

    happened_at: aware, kept in UTC. place: as the carrier names it, "" when it does not.
    text: the carrier's own words; may hold a courier's name and phone, so never log it.
    """

    happened_at: datetime
    place: str
    status: ShipmentStatus
    text: str

    def __post_init__(self) -> None:
        if self.happened_at.tzinfo is None:
            raise ValueError("a scan needs an aware time")
        object.__setattr__(self, "happened_at", self.happened_at.astimezone(UTC))
