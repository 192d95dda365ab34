"""Long numbers that are no waybill numbers: dates, orders, hotlines, accounts. Pure."""

from __future__ import annotations

import re
from typing import Final

from bot.components.found import Span

_NAMED: Final = (
    r"(?:订单|交易|流水|退款单?|退货单?|售后单?|服务单?|服务|工单|商品|货|批|条形?码?|店铺|保单|发票|税|合同|会员|账|帐|卡"
    r"|银行卡|身份证|证件|驾驶证|护照|学|工|设备|序列|产品|取件|寄件|支付|商户|房)"
    r"(?:号码|编号|代码|单号|码|号|id|no)"
)
_OTHER_NAMES: Final = (
    r"(?:验证码|取件码|提货码|取货码|条码|条形码|邮编|邮政编码|身份证|银行卡|银行账户|账户|账号|卡号|工号|税号|微信|wx|qq群?|扣扣"
    r"|支付宝|旺旺|用户名|昵称|密码|型号|货号|sku|房间|群号|imei|sn码|序列号)"
)
_IS: Final = r"(?:号码|号)?\s*(?:是|为|就是|:|#|\s|\uff1a|,|=|\(|\[|\u3010){0,3}\s*"
_DIGITS: Final = r"(\d(?:[ -]{0,2}\d)*)"
_ALREADY_ELSEWHERE: Final = (
    re.compile(rf"(?:{_NAMED}|{_OTHER_NAMES}){_IS}{_DIGITS}", re.IGNORECASE),
    # A bare order carries eleven, twelve or more than seventeen digits on the big platforms.
    re.compile(r"(?:订单|单子)(?:是|:|\s){0,2}(\d{11,12}|\d{18,20})(?!\d)"),
    re.compile(r"(?<!\d)(\d{6}-\d{15})(?!\d)"),
    # Dates and moments: 2026-11-22 14:05, 20261122140500, 11-22 14:05.
    re.compile(
        r"(?<!\d)((?:20[1-3]\d[-/. ])?(?:0?[1-9]|1[0-2])[-/.](?:0?[1-9]|[12]\d|3[01])"
        r"\s+\d{1,2}:\d\d(?::\d\d)?)"
    ),
    re.compile(r"(?<!\d)(20[1-3]\d[- ](?:0?[1-9]|1[0-2])[- ](?:0?[1-9]|[12]\d|3[01]))(?![\d])"),
    re.compile(
        r"(?<![A-Za-z\d])(20[1-3]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[0-2]\d[0-5]\d(?:[0-5]\d)?)?)(?!\d)"
    ),
    re.compile(r"(?<!\d)([48]00[ -]?\d{3,4}[ -]?\d{3,4})(?!\d)"),
    re.compile(r"(?<!\d)(0\d{2,3}[- ]\d{7,8})(?!\d)"),
    # Identity cards: region, date of birth, three digits and a check.
    re.compile(
        r"(?<![A-Za-z\d])([1-6]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx])(?!\d)"
    ),
    re.compile(r"(?<![A-Za-z\d])(\d{7,})\s*(?:元|块|积分|京豆|粉丝|人次|毫安|mah)", re.IGNORECASE),
    re.compile(r"(?:https?://|www\.)[^\s\u4e00-\u9fff]*[?&=]()(?=\d)"),
)
_PARCEL: Final = re.compile(
    r"(?:快递|运|物流|快件|邮件|面|包裹|母|子)\s*单?号?码?[\s:\uff1a是为]*$"
)


def other_numbers(text: str) -> list[Span]:
    """Places of numbers in a half-width text that are said to be, or look like, something else."""
    if sum(sign.isdigit() for sign in text) < 7:
        return []
    return [
        match.span(1)
        for pattern in _ALREADY_ELSEWHERE
        for match in pattern.finditer(text)
        if match[1] and not _PARCEL.search(text[: match.start(1)])
    ]
