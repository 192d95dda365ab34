"""Sums of money."""

from __future__ import annotations

import re
from decimal import Decimal

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.components.chinese_numbers import ARABIC, CHINESE, NUMBER, number
from bot.components.extractor import RuleBasedExtractor
from bot.components.folded import folded
from bot.components.found import Found, Span, overlaps

_MORE = r"(?P<more>[多来几余]*)"
_UNIT = r"(?:元|块|圆(?!通)|rmb|人民币)"
# 三元桥 and 元旦 are no money; nor are pieces of glass or soap, counted in 块 too.
_NO_MONEY = (
    r"(?![桥里区宝旦宵素件]|巧克力|面膜|香皂|肥皂|电池|瓷?砖|玻璃|木?板|饼|糖|蛋糕|月饼|布|毛巾|积木"
    r"|拼图|地垫|装|[猪牛羊]?肉|豆腐|排骨|屏|硬盘|手?表|石|地|面包|镜|芯片|腕表|表盘)"
)
_REST = (
    rf"(?P<rest>(?:{CHINESE}|\d)(?:[毛角](?:(?:{CHINESE}|\d)分?)?|分)?"
    r"(?![天个件次号点斤年月日0-9]))?"
)
_WITH_UNIT = re.compile(
    rf"(?<![\d.几第])(?:rmb|[￥¥])?\s*(?P<number>{NUMBER}){_MORE}\s*(?P<unit>{_UNIT}){_NO_MONEY}{_REST}"
    r"(?P<money>大洋|钱)?",
    re.IGNORECASE,
)
_SMALL_CHANGE = re.compile(
    rf"(?<![\d.点])(?P<number>\d|[一二两三四五六七八九])(?:毛(?!巾|衣|线|毯|绒|病|笔)(?P<rest>[\d{CHINESE[1:]})?钱?"
    r"|角钱?(?![\u4e00-\u9fff]))"
)
_CENTS = re.compile(rf"(?<![\d.])(?P<number>\d{{1,2}}|{CHINESE}{{1,2}})分钱")
_SIGNED = re.compile(
    rf"(?:[￥¥]|(?<![a-z])rmb|人民币)\s*(?P<number>{ARABIC}[万千kw]?)", re.IGNORECASE
)
_CUE = (
    r"(?:赔偿|赔付|赔|补偿|补差价|补|退款|退|返现|返|付款|付|收费|收|花费|花|价值|值|价格|售价|总价|原价|单价|要价|损失"
    r"|运费|邮费|快递费|差价|保价|金额|扣|转账|打款|货款|代收|费用|押金|定金|理赔|报价|标价|索赔|声明|总共|一共)"
)
_FILLER = (
    r"(?:了|我|给|他|你们?|是|为|的|要|得|大概|大约|约|差不多|至少|最少|起码|共|款|额|金|:|,|\s"
    r"|就|才|只|也)"
)
_CUED = re.compile(
    rf"(?<!一){_CUE}{_FILLER}{{0,4}}(?P<number>\d[\d,]*(?:\.\d+)?[百千万kw]?|{CHINESE}{{0,8}}[十百千万]{CHINESE}{{0,8}})"
    r"(?P<more>[多来几余]*)(?![\d.:\-/a-z天个件次号点斤公千克小分秒年月日人箱单张倍%折米楼时周袋瓶盒包双套份片只条支台本块元])",
    re.IGNORECASE,
)
_ALONE = re.compile(
    rf"^\W*(?P<number>\d{{2,3}}|(?!1[012]\d{{3}}\b|9[56])\d{{5,6}}|\d+\.\d{{1,2}}|\d[万千kw]|{CHINESE}{{0,8}}[百千万]{CHINESE}{{0,8}})(?P<more>[多来几]?)"
    r"(?:左右|吧|呢|啊|就行|行吗|可以)*\W*$",
    re.IGNORECASE,
)
_PIECES_BEFORE = re.compile(r"[碎裂坏破少缺掉烂断丢漏][了掉]?(?:我?[有一]?)$")
_GOES_ON = re.compile(
    r"(?![的吧呢啊呀嘛了左右以都也就还行可好运邮差不够给才多])[\u4e00-\u9fffA-Za-z]"
)
_SMALL = 10
_YUAN = Decimal("0.01")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class AmountExtractor(RuleBasedExtractor):
    """Finds sums in yuan; of 三百多 or 两三百 the lower end. 几百块 says no sum.

    Confidence 0.5: a number that is the whole message, believed only where a sum was asked for.
    """

    def find(self, text: str, taken: list[Span]) -> list[Found]:
        """Entities `amount`, value of yuan with two decimals."""
        plain = folded(text)
        found: list[Found] = []
        for pattern in (_WITH_UNIT, _SIGNED, _SMALL_CHANGE, _CENTS, _CUED, _ALONE):
            for match in pattern.finditer(plain):
                each = _amount(plain, match, pattern)
                spoken_for = [*taken, *((one.start, one.end) for one in found)]
                if each and not overlaps((each.start, each.end), spoken_for):
                    found.append(each)
        return sorted(found, key=lambda each: each.start)


def _amount(text: str, match: re.Match[str], pattern: re.Pattern[str]) -> Found | None:
    value = number(match["number"])
    if value is None or (pattern is _WITH_UNIT and _counts_pieces(text, match, value)):
        return None
    scale = {_SMALL_CHANGE: Decimal("0.1"), _CENTS: _YUAN}.get(pattern, Decimal(1))
    yuan = value * scale + _rest(match.groupdict().get("rest") or "") * scale
    whole = pattern in (_WITH_UNIT, _SIGNED, _SMALL_CHANGE, _CENTS)
    start, end = match.span() if whole else (match.start("number"), match.end("more"))
    start += len(text[start:end]) - len(text[start:end].lstrip())
    return Found("amount", str(yuan.quantize(_YUAN)), start, end, 0.5 if pattern is _ALONE else 1.0)


def _counts_pieces(text: str, match: re.Match[str], value: Decimal) -> bool:
    """Whether 块 counts pieces: three of them are broken, or one word more says of what."""
    if match["unit"] != "块" or match["money"] or match["rest"]:
        return False
    if _PIECES_BEFORE.search(text[: match.start()]):
        return True
    if value == 1 and not re.search(rf"{_CUE}{_FILLER}{{0,3}}$", text[: match.start()]):
        return True
    return value < _SMALL and bool(_GOES_ON.match(text, match.end()))


def _rest(text: str) -> Decimal:
    """What follows the yuan: 5, 五毛, 8毛5; as a part of a yuan."""
    digits = [
        value for sign in text if (value := number(sign)) is not None and sign not in "毛角分"
    ]
    return sum((value / 10**place for place, value in enumerate(digits, 1)), Decimal(0))
