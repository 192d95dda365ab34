"""How customers write times: a grammar of regular expressions over folded text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

_CN = "[零\u3007一二两俩三仨四五六七八九十]"
_TWO = rf"(?:\d{{1,2}}|{_CN}{{1,3}})"
_WEEK = r"(?:周|星期|礼拜)"
_WHICH = r"(?:上上|(?<![得赶])上|这|本|下下|下)一?个?"
# 3号楼, 2号线 and 37号鞋 are no days of a month; nor is 幸福里3号.
_DAY = (
    rf"(?<![路街道巷弄里村园苑第码鞋\d.-]){_TWO}[号日]"
    r"(?![楼院门线店库柜仓机桌铺电字厅馆厂位车台客码井坑栋]|大街)"
)
_DATE = "|".join(
    (
        r"(?<![\d.])(?:1[0-2]|[1-9])[./](?:3[01]|[12]?\d)[号日]",
        r"(?<![\d.-])(?:1[0-2]|0?[1-9])-(?:3[01]|[12]\d|0[1-9])(?=[前送再派取]|之前|以前|上午|下午)",
        r"20\d\d[年./-]\d{1,2}[月./-]\d{1,2}[日号]?",
        rf"(?:今年|明年|去年)?{_TWO}月份?{_TWO}(?:[日号]|(?=[早晚上下中寄发到送]))",
        rf"(?:今年|明年|去年)?(?<!个){_TWO}月(?:底|初|中旬|上旬|下旬|份)",
        rf"{_WHICH}月(?:{_TWO}[号日]|底|初|中旬|上旬|下旬)?|月底",
        rf"{_WHICH}{_WEEK}(?:[一二三四五六日天末]|[1-6](?!\d))?",
        rf"(?<![一二两三几每\d个]){_WEEK}(?:[一二三四五六日天末](?![到至个次年岁]?(?:周|星期)[一二三四五六日末])|[1-7](?!\d))|双休日",
        r"明后[两天]天?|今明[两天]天?|大前天|前天|昨天|昨日|昨儿个?|今天|今日|今儿个?|明天|明日|明儿个?|大后天|(?<!前)后天(?!性)",
        r"[今昨明](?=早|晚|晨|夜)",
        _DAY,
    )
)
_NO_POINT = r"(?![个儿意赞击位开菜名餐外评单心子水]|意见|建议|要求|问题|原因|疑问|不满)"
_CLOCK = "|".join(
    (
        r"\d{1,2}:\d\d(?::\d\d)?(?:\s*(?:-|~|到|至)\s*\d{1,2}:\d\d)?",
        rf"(?<![第\d.])\d{{1,2}}\s*(?:-|~|到|至)\s*\d{{1,2}}点{_NO_POINT}",
        rf"(?<![第\d.]){_TWO}(?:点钟?|(?<=\d)时(?![候间效常不]))"
        rf"(?:半(?!天)|整|多|[一三]刻|(?:\d{{1,2}}|{_CN}{{1,3}})分|\d{{2}}(?!\d))?{_NO_POINT}",
    )
)
_BOUND = (
    r"(?:之|以)?前(?![面台天后往两几年一些])|(?:之|以)后|后(?![面台来续天半备期门])"
    r"|之?内|左右|前后|期间|开始|的时候"
)
_UNIT = r"(?:天|周|星期|礼拜|个月|小时|个?钟头?(?!表)|分钟|刻钟|年|个?工作日)"
_COUNT = rf"(?:\d{{1,3}}(?:\.5)?|{_CN}{{1,4}}|半)"
_TWO_THREE = re.compile(r"[一二两三四五六七八九]{2}|.*[几多来].*")
_WHOLE = re.compile(r"\d+(?:\.5)?|[一二两三四五六七八九十半零]+")


@dataclass(frozen=True)
class Grammar:
    """`moment`: date, part, clock and bound in this order; `offset`: 3天后; `lasting`: 3天."""

    moment: re.Pattern[str]
    offset: re.Pattern[str]
    lasting: re.Pattern[str]
    vague: re.Pattern[str]
    hint: re.Pattern[str]


JOIN: Final = re.compile(r"\s*(?:到|至|-|~)\s*")
PAST_AFTER: Final = re.compile(
    r"^(?:我|就|已经?|都|才|在|从|他|你们?)*(?:(?:寄|发|买|拍|下|付|收|签|揽|申请|投诉|报|反映|打|联系|约|通知)[^吗么?]{0,5}?(?:的|了|过)"
    r"|到现在|至今|到的|到了|说|送(?:过来|来|到)?了|[拿取]走了|没(?:动|收|到)|下单)"
)
PAST_BEFORE: Final = re.compile(
    r"(?:从|自|打|自从|截至|(?:下单|付款|发货|购买|拍下|签收|揽收)(?:时间|日期)\s*[:是为]?\s*)$"
)
FUTURE_AFTER: Final = re.compile(
    r"^(?:再|能|可以|会|要|送|派|来|取|上门|收货|之?前|以?前|给我|帮我|配送|才|到(?![早晚上下中\d一二三四五六七八九十]))"
)


def grammar(parts: Iterable[str], festivals: Iterable[str], vague: Iterable[str]) -> Grammar:
    """The expressions, with the names from our data."""
    feasts = rf"(?:今年|明年|去年)?(?:{_any(festivals)})"
    date = f"{feasts}|{_DATE}"
    part = _any(parts)
    long_part = (
        rf"(?:{_any(name for name in parts if len(name) > 1)})(?!茶|好[,!。~\s]|好$|好呀|好啊)"
    )
    return Grammar(
        moment=re.compile(
            rf"(?:(?P<date>{date})\s*的?\s*(?P<part>(?:{part})(?!点[^钟])|)\s*(?P<clock>{_CLOCK}|)"
            rf"|(?P<part_alone>{long_part}|[早晚](?!一点)(?={_TWO}点))\s*的?(?P<clock_of_part>{_CLOCK}|)"
            rf"|(?P<clock_alone>(?!一点(?![前后半钟整到至多左]|之|以))(?:{_CLOCK})))\s*(?P<bound>{_BOUND}|)"
        ),
        offset=re.compile(
            rf"(?P<passing>再?过|再等?|)(?<!第)(?P<count>{_COUNT})(?P<half>个半|个|)(?P<unit>{_UNIT})(?P<more>半|)"
            r"(?P<side>(?:之|以)?后(?![面台来续天备期])|(?:之|以)?内|(?:之|以)?前(?![面台天后往])|)"
        ),
        lasting=re.compile(
            rf"(?<![第每年点\d])(?:(?:\d{{1,3}}|{_CN}{{1,4}})[多来几]?|半|大半|好几|几)(?:个半|个多?|)(?<!年){_UNIT}(?:半|多|)"
            r"(?!无理由|包退|包换|价保|质保|保修|试用|两头|天的|以上的?(?:包|罐))"
        ),
        vague=re.compile(rf"(?<![\d一二三四五六七八九十上下本这个])(?:{_any(vague)})"),
        hint=re.compile(
            rf"[天日号点时周月年儿:]|\d[-./]\d|星期|礼拜|小时|分钟|[今明昨][早晚晨夜]|{feasts}|{long_part}|{_any(vague)}"
        ),
    )


def is_exact(count: str) -> bool:
    """Whether it says one number rather than a few: 三, 3, 半; not 两三, 几, 十多."""
    return bool(_WHOLE.fullmatch(count)) and not _TWO_THREE.fullmatch(count)


def _any(names: Iterable[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
