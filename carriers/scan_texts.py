"""What a scan's words tell when the provider sends no code and no place with it."""

import re

from carriers.events import ShipmentStatus

_S = ShipmentStatus

# The first row that fits wins, so what is rarer and more telling stands above.
_PHRASES: tuple[tuple[re.Pattern[str], ShipmentStatus], ...] = tuple(
    (re.compile(pattern), status)
    for pattern, status in (
        (r"退(?:件|货|回).{0,8}签收", _S.RETURNED),
        (r"待揽[收件]|等待.{0,4}揽", _S.WAITING_PICKUP),
        (r"破损|损坏", _S.DAMAGED),
        (r"错分|错发|分拣错误", _S.MISROUTED),
        (r"拒收|拒签", _S.REFUSED),
        (r"拦截", _S.INTERCEPTED),
        (r"退回|退件", _S.RETURNING),
        (r"清关(?:完成|放行)|已清关", _S.CUSTOMS_CLEARED),
        (r"清关|海关", _S.CUSTOMS),
        (r"无法联系|无人接听|联系不上", _S.UNREACHABLE),
        (r"(?:派送|派件|投递|配送)(?:不成功|失败|异常)|未妥投", _S.DELIVERY_PROBLEM),
        (r"正在.{0,6}派[送件]|派[件送]中|派件扫描|开始[派配]送|安排投递", _S.OUT_FOR_DELIVERY),
        (r"(?:驿站|快递柜|丰巢|代收点|自提点).{0,16}(?:待取|请.{0,8}取|取件码)", _S.IN_LOCKER),
        (r"(?:放入|存入|存放至|投递?至|暂存).{0,16}(?:柜|驿站|代收点|自提点)", _S.IN_LOCKER),
        (r"代收[，,。].{0,10}请.{0,8}取", _S.IN_LOCKER),
        (r"(?:快递员|派件员|业务员|小哥).{0,16}取出", _S.TAKEN_FROM_LOCKER),
        (r"代签|代收(?![点店柜])", _S.SIGNED_BY_OTHER),
        (r"(?:请|等待|准备|待|未能?)(?:您)?签收", _S.OUT_FOR_DELIVERY),
        (r"签收|妥投|已取出|已送达|完成配送", _S.SIGNED),
        (r"离开", _S.IN_TRANSIT),
        (r"揽[收件]|收寄|已收取快件|已取件|已收件", _S.PICKED_UP),
        (r"到达(?:目的地|派[件送])网点", _S.AT_DELIVERY_STATION),
        (r"到达.{0,16}(?:转运|分拨|中转|处理|分拣|集散|中心)", _S.AT_HUB),
        (r"发往|发出|发车|运输|装车|到达|到件|转运|中转", _S.IN_TRANSIT),
        (r"下单", _S.ORDERED),
    )
)
_BRACKETED_PLACE = re.compile(r"^[【\[]([^】\]\d*]{2,20})[】\]]")
_CITY = re.compile(r"([\u4e00-\u9fff]{2,10}?(?:市|自治州|盟|地区))")
_SHORT_PLACE = re.compile(r"[\u4e00-\u9fff]{2,3}")
_MUNICIPALITIES = frozenset({"北京", "上海", "天津", "重庆"})
_REGION_SEPARATORS = re.compile(r"[,，/\s-]+")


def status_from_text(text: str) -> ShipmentStatus:
    """A careful guess from a carrier's words; UNKNOWN rather than a wild one."""
    return next((status for phrase, status in _PHRASES if phrase.search(text)), _S.UNKNOWN)


def told_more_exactly(status: ShipmentStatus, text: str) -> ShipmentStatus:
    """The problem that the words name, where the provider's code says no more than "a problem"."""
    if status is not _S.PROBLEM:
        return status
    guess = status_from_text(text)
    return guess if guess.is_problem else status


def place_from_text(text: str) -> str:
    """The place many carriers write in brackets at the start; "" when there is none."""
    found = _BRACKETED_PLACE.match(text)
    return found[1] if found else ""


def city_of(region: str) -> str | None:
    """The city in "广东,东莞市", "广东省深圳市南山区" or "东莞市"; None when no city is named."""
    parts = [part for part in _REGION_SEPARATORS.split(region) if part]
    for part in parts:
        after_province = re.sub(r"^.{2,8}?(?:省|自治区)", "", part)
        found = _CITY.match(after_province)
        if found:
            return found[1]
    if not parts or parts[0] in _MUNICIPALITIES:
        return parts[0] if parts else None
    # Without 市 in it, only a short word is trusted to be a city and not a branch or a courier.
    likely = parts[min(1, len(parts) - 1)]
    return likely if _SHORT_PLACE.fullmatch(likely) else None
