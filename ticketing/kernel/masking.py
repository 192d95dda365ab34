"""Phone numbers and names never appear whole in a message or a log line."""

from __future__ import annotations

import re

_MOBILE = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<![0-9A-Za-z])(0\d{2,3})-?\d{3,4}(\d{4})(?!\d)")

# The 200 most common one-character surnames cover about 97 % of people; a few double ones.
_SURNAME = (
    "(?:欧阳|上官|司马|诸葛|司徒|皇甫|尉迟|令狐|慕容|夏侯|[王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许"
    "韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫"
    "段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿"
    "关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳欧管柴蒙鲍华喻祁蒲房滕屈饶"
    "解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋"
    "商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝封谈匡鞠惠荆乐冀胥南班储楚国])"
)
_ROLE = (
    "业务员|派件员|派送员|快递员|配送员|收件员|揽件员|投递员|取件员|司机|小哥|"
    "签收人|收件人|寄件人|收货人|发件人|联系人|代收人"
)
_NEXT = (
    r"(?=[^\u4e00-\u9fff]|$|电话|手机|先生|女士|师傅|正在|将|已|为您|联系|"
    r"派送|派件|签收|取件|取货|揽收|上门)"
)
_ROLE_NAMED = re.compile(
    rf"((?:{_ROLE})[ \t]*(?:是|为|：|:|【|\[|（|\()?[ \t]*)"
    rf"({_SURNAME})[\u4e00-\u9fff·]{{1,2}}?{_NEXT}"
)
_TITLED = re.compile(rf"({_SURNAME})(?:[\u4e00-\u9fff]{{1,2}})(先生|女士|师傅)")
_SIGNED_BY = re.compile(rf"([由被]\s*)({_SURNAME})[\u4e00-\u9fff]{{1,2}}(\s*(?:签收|代收))")
_BEFORE_PHONE = re.compile(
    rf"((?<![\u4e00-\u9fff])|(?<=部)|(?<=点)|(?<=司))({_SURNAME})[\u4e00-\u9fff]{{1,2}}"
    r"(?=[\s,，:：(（【\[]*(?:电话|手机)?[\s:：]*(?:1[3-9]\d[- ]?\d{4}[- ]?\d{4}|0\d{2,3}-?\d{7}))"
)
_STARS = r"\1\2**"


def mask(text: str) -> str:
    """Return the text with phone numbers and people's names masked.

    `13812345678` becomes `138****5678`, `快递员：王小明` becomes `快递员：王**`. Names are told by
    what stands around them (a role, a title, a phone number), so a name alone is not found.
    """
    text = _ROLE_NAMED.sub(_STARS, _BEFORE_PHONE.sub(_STARS, text))
    text = _SIGNED_BY.sub(r"\1\2**\3", _TITLED.sub(r"\1**\2", text))
    return _LANDLINE.sub(r"\1****\2", _MOBILE.sub(r"\1****\2", text))
