"""What customers complain of, put together from parts, with what it is found by."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache

from ticketing.tickets.terms import document

OPENINGS = (
    "你好，麻烦帮我看一下这个单子",
    "我要投诉，等了好几天没人管",
    "刚收到快递，当面拆开就发现有问题",
    "帮朋友代收的包裹，昨天下午才拿到",
    "客服说会回电话，一直没有消息",
    "驿站的人让我找总部处理",
    "第二次联系你们了，请尽快处理",
    "卖家说已经发货，物流一直不动",
    "家里老人签收的，没有当场验货",
    "公司前台收的件，下班才看到",
)
ITEMS = (
    *("青花瓷杯子", "红富士苹果", "液晶显示器", "婴儿奶粉", "实木茶几", "蓝牙耳机"),
    *("羽绒服", "紫砂壶", "大闸蟹礼盒", "笔记本电脑", "玻璃花瓶", "陶瓷餐具"),
    *("机械键盘", "保温水壶", "钢化膜", "护肤套装", "中秋月饼", "儿童书包"),
    *("登山鞋", "不锈钢炒锅", "打印机墨盒", "空气净化器", "车厘子", "合同文件"),
    *("身份证复印件", "药品", "吉他", "台灯", "行李箱", "电动牙刷"),
    *("榴莲", "羊毛毯", "相框", "鱼缸"),
)
TROUBLES = (
    "外箱严重破损，里面的{item}碎了",
    "{item}少了一件，包装被人拆过",
    "寄的{item}显示签收，本人根本没有收到",
    "{item}在转运中心停了六天没有更新",
    "收到的不是{item}，发错货了",
    "{item}泡水变形，完全不能使用",
    "派送员把{item}扔在门口被人拿走",
    "想把{item}改送到新的地址",
    "{item}已经腐烂，要求全额赔偿",
    "申请拦截退回，{item}不要了",
    "{item}的保价单据和发票一起开",
    "快递员态度恶劣，{item}拒绝送上门",
    "{item}疑似丢失，网点说找不到",
    "预约上门取件，{item}打包好了没人来",
)
WISHES = (
    "希望按照声明价值理赔",
    "请今天之内给我答复",
    "要求退还运费并道歉",
    "请安排重新派送",
    "不然我就打12305申诉",
    "照片和视频都可以提供",
    "麻烦核实后联系我",
    "可以接受换货补发",
    "请转给负责人处理",
    "急用，越快越好",
)


@dataclass(frozen=True)
class Said:
    """A complaint in sentences, and the document it is found by."""

    sentences: tuple[str, ...]
    document: str

    @property
    def text(self) -> str:
        """The complaint as one text."""
        return "，".join(self.sentences)


def said(dice: random.Random) -> Said:
    """Return one of some 50,000 complaints."""
    trouble = dice.choice(TROUBLES).format(item=dice.choice(ITEMS))
    sentences = (dice.choice(OPENINGS), trouble, dice.choice(WISHES))
    return Said(sentences, " ".join(map(_found_by, sentences)))


@cache
def _found_by(sentence: str) -> str:
    return document((sentence,))
