"""What a customer leaves after hours: about what, and how they are reached. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

CHAT = "chat"
"""Who wants to be reached in the chat itself."""

LONGEST = 500
_PHONE = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d)[- ]?(\d{4})[- ]?(\d{4})(?!\d)")
_LANDLINE = re.compile(r"(?<![0-9A-Za-z])(0\d{2,3})[- ]?(\d{7,8})(?!\d)")
_NOT = re.compile(
    r"^(?:那|那就|好吧?|行吧?|嗯|哦)?[,，]?"
    r"(?:算了|不用了?|不留了?|不留言了?|不需要了?|不必了?|免了|没事了?|下次再说|明天再说|没什么事了?)"
    r"(?:[吧啊呀谢了的。!！,，\s]|谢谢|您|你|不用了?|不留了?)*$"
)
_HERE = re.compile(
    r"就在这里?|在这里|这里就行|这儿|微信上?|网上|线上|聊天|窗口|发消息|不方便(?:留|接|提供)|没有电话"
)
_FOR_THE_BOT = re.compile(
    r"^(?:查|催|帮我查|帮查|你好|您好|在吗|哈喽|谢谢|再见|hi|hello|[a-z]{0,3}\d{8,}$)|[?？]$",
    re.IGNORECASE,
)
_AROUND_A_PHONE = re.compile(
    r"^(?:我的?|请打|打|联系|留个?)?(?:电话|手机号?|号码|联系方式)?(?:是|为|：|:)?$"
)
_MARKS = " ，。,.；;：:、！!"


@dataclass(frozen=True)
class Left:
    """What is known by now; `is_given_up` when the customer wants to leave nothing."""

    about: tuple[str, ...] = ()
    phone: str | None = None
    is_here: bool = False
    is_given_up: bool = False

    @classmethod
    def of(cls, answers: Mapping[str, Any]) -> Left:
        """Return what was kept of earlier answers."""
        about = tuple(answers.get("about") or ())
        return cls(about, answers.get("phone"), bool(answers.get("is_here")))

    def as_json(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {"about": list(self.about), "phone": self.phone, "is_here": self.is_here}


def read(text: str, before: Left, *, just_asked: bool) -> Left | None:
    """Return what is known after a message; nothing where it is about something else.

    Only right after the question free words are an answer; later only a phone number is.
    """
    if just_asked and _NOT.match(text.strip()):
        return Left(is_given_up=True)
    phone = phone_in(text)
    if phone is None and (not just_asked or _FOR_THE_BOT.search(text.strip())):
        return None
    is_here = phone is None and _HERE.search(text) is not None
    rest = "" if is_here and len(text) <= 12 else _without_phone(text)
    about = before.about + ((rest[:LONGEST],) if rest else ())
    return Left(about, phone or before.phone, before.is_here or is_here)


def phone_in(text: str) -> str | None:
    """Return the first phone number in a text, digits only."""
    hit = _PHONE.search(text) or _LANDLINE.search(text)
    return "".join(hit.groups()) if hit else None


def matters(words: Sequence[str]) -> tuple[str, ...]:
    """Return what of earlier words says what it is about: no greetings, no bare numbers."""
    told = (word.strip() for word in words)
    return tuple(word for word in told if len(word) >= 5 and not _is_greeting(word))


def _is_greeting(word: str) -> bool:
    return re.match(r"^(?:你好|您好|在吗|谢谢|好的)[^\d]{0,3}$", word) is not None


def _without_phone(text: str) -> str:
    bare = _LANDLINE.sub("", _PHONE.sub("", text)).strip(_MARKS)
    return "" if _AROUND_A_PHONE.match(bare) else text.strip()
