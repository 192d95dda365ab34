"""Whether one answer fits its field, and what is kept of it."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from ticketing.forms.form import Field, FieldKind
from ticketing.kernel.clock import SHANGHAI
from ticketing.kernel.texts import clean

MOST = Decimal(10**12)
FINEST = 9
_EMAIL = re.compile(r"[\w.%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,5}")
_PHONE = re.compile(r"(?:\+|00)?\d{1,4}(?:[ -]?\d{2,8}){1,4}")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:\d{2})?")
_FILE_REFERENCE = "files::"


class NotFit(ValueError):
    """The answer will not do; the message says why, in Chinese."""


@dataclass(frozen=True)
class Known:
    """What an answer is checked against: files by id with their media type, and today.

    None for `files` takes every id on trust; None for `today` lets every day pass.
    """

    files: Mapping[str, str] | None = None
    today: date | None = None


def value_of(field: Field, raw: Any, known: Known) -> Any:
    """Return what is kept of an answer, None when there is none; raise `NotFit`."""
    value = None if raw is None else _READERS[field.kind](field, raw, known)
    if value is False and field.required and not field.choices:
        raise NotFit("需要勾选")
    if value in (None, "", []):
        if field.required:
            raise NotFit("这一项必须填写")
        return None
    return value


def _text(field: Field, raw: Any, _known: Known) -> str:
    if not isinstance(raw, str):
        raise NotFit("应为文字")
    limits = field.limits
    if len(raw) > limits.longest * 2:
        raise NotFit(f"最多 {limits.longest} 个字")
    value = clean(raw)
    if field.kind is FieldKind.TEXT:
        value = " ".join(value.split())
    if value:
        _check_text(field, value)
    return value


def _check_text(field: Field, value: str) -> None:
    limits = field.limits
    if len(value) > limits.longest:
        raise NotFit(f"最多 {limits.longest} 个字")
    if limits.shortest is not None and len(value) < limits.shortest:
        raise NotFit(f"至少 {limits.shortest} 个字")
    if limits.pattern is not None and not limits.pattern.matches(value):
        raise NotFit("格式不对，请检查一下")
    if limits.format == "email" and not _EMAIL.fullmatch(value):
        raise NotFit("邮箱格式不对，例如 name@example.com")
    if limits.format == "phone" and not _PHONE.fullmatch(value):
        raise NotFit("电话格式不对，例如 13800000000")


def _number(field: Field, raw: Any, _known: Known) -> int | float | None:
    if raw == "":
        return None
    number = _decimal(raw)
    limits = field.limits
    digits = limits.decimal_digits
    if digits is not None and number != round(number, min(digits, FINEST)):
        raise NotFit(f"最多 {digits} 位小数" if digits else "应为整数")
    if limits.least is not None and number < Decimal(str(limits.least)):
        raise NotFit(f"不能小于 {limits.least:g}")
    if limits.most is not None and number > Decimal(str(limits.most)):
        raise NotFit(f"不能大于 {limits.most:g}")
    return int(number) if number == int(number) else float(number)


def _decimal(raw: Any) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str | Decimal):
        raise NotFit("应为数字")
    if isinstance(raw, int) and abs(raw) > MOST:
        raise NotFit("数字太大了")
    text = str(raw).strip()
    if isinstance(raw, str) and not re.fullmatch(r"-?\d{1,13}(\.\d{1,9})?", text):
        raise NotFit("应为数字")
    try:
        number = Decimal(text)
    except InvalidOperation as error:
        raise NotFit("应为数字") from error
    if not number.is_finite() or abs(number) > MOST:
        raise NotFit("数字太大了")
    return round(number, FINEST)


def _yes_no(_field: Field, raw: Any, _known: Known) -> bool:
    if not isinstance(raw, bool):
        raise NotFit("应为是或否")
    return raw


def _choice(field: Field, raw: Any, _known: Known) -> str:
    if raw == "":
        return ""
    if not isinstance(raw, str) or raw not in {choice.value for choice in field.choices}:
        raise NotFit("不在可选的范围内")
    return raw


def _choices(field: Field, raw: Any, known: Known) -> list[str]:
    if not isinstance(raw, list) or len(raw) > len(field.choices):
        raise NotFit("应为选项的列表")
    picked = [_choice(field, each, known) for each in raw]
    if len(set(picked)) < len(picked) or "" in picked:
        raise NotFit("选项重复或为空")
    return picked


def _date(field: Field, raw: Any, known: Known) -> str:
    if raw == "":
        return ""
    if not isinstance(raw, str) or not _DATE.fullmatch(raw):
        raise NotFit("应为日期，例如 2026-11-20")
    try:
        day = date.fromisoformat(raw)
    except ValueError as error:
        raise NotFit("没有这一天") from error
    _in_reach(field, day, known)
    return day.isoformat()


def _time(_field: Field, raw: Any, _known: Known) -> str:
    if raw == "":
        return ""
    if not isinstance(raw, str) or not _TIME.fullmatch(raw):
        raise NotFit("应为时间，例如 14:30")
    try:
        return time.fromisoformat(raw).isoformat("minutes")
    except ValueError as error:
        raise NotFit("没有这个时间") from error


def _datetime(field: Field, raw: Any, known: Known) -> str:
    if raw == "":
        return ""
    day, _, clock = raw.partition("T") if isinstance(raw, str) else ("", "", "")
    if not (_DATE.fullmatch(day) and _TIME.fullmatch(clock)):
        raise NotFit("应为日期和时间，例如 2026-11-20T14:30")
    try:
        at = datetime.fromisoformat(f"{day}T{clock}")
        at = at if at.tzinfo else at.replace(tzinfo=SHANGHAI)
        local = at.astimezone(SHANGHAI)
    except (ValueError, OverflowError) as error:
        raise NotFit("没有这个时间") from error
    _in_reach(field, local.date(), known)
    return local.isoformat(timespec="minutes")


def _in_reach(field: Field, day: date, known: Known) -> None:
    if not 1900 <= day.year <= 2199:
        raise NotFit("年份不对")
    if field.limits.not_in_the_past and known.today is not None and day < known.today:
        raise NotFit("不能早于今天")


def _files(field: Field, raw: Any, known: Known) -> list[str]:
    given = [raw] if isinstance(raw, str) and raw else raw
    if given == "":
        return []
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise NotFit("应为已上传文件的列表")
    if len(given) > field.limits.most_files:
        raise NotFit(f"最多 {field.limits.most_files} 个文件")
    ids = list(dict.fromkeys(file_id(each) for each in given))
    for each in ids:
        _accepted(field, each, known)
    return ids


def file_id(text: str) -> str:
    """Return a file's id in its one spelling; raise `NotFit`."""
    try:
        return str(uuid.UUID(text[:80].removeprefix(_FILE_REFERENCE)))
    except ValueError as error:
        raise NotFit("找不到这个文件，请重新上传") from error


def _accepted(field: Field, which: str, known: Known) -> None:
    if known.files is None:
        return
    media_type = known.files.get(which)
    if media_type is None:
        raise NotFit("找不到这个文件，请重新上传")
    if field.limits.accept and not any(_covers(part, media_type) for part in field.limits.accept):
        raise NotFit("这种文件不适合这一项")


def _covers(accepted: str, media_type: str) -> bool:
    if accepted.startswith("."):
        return _OF_EXTENSION.get(accepted) == media_type
    family = accepted.removesuffix("*")
    return media_type.startswith(family) if accepted.endswith("/*") else media_type == accepted


_OF_EXTENSION = {
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".heif": "image/heic",
    ".mp4": "video/mp4",
    ".mov": "video/quicktime",
    ".pdf": "application/pdf",
}
_READERS: Mapping[FieldKind, Callable[[Field, Any, Known], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.YES_NO: _yes_no,
    FieldKind.CHOICE: _choice,
    FieldKind.CHOICES: _choices,
    FieldKind.DATE: _date,
    FieldKind.TIME: _time,
    FieldKind.DATETIME: _datetime,
    FieldKind.FILES: _files,
}
