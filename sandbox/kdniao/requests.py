"""Reads and checks a 快递鸟 request, and words the refusals (Reason)."""

import ast
import json
from dataclasses import dataclass
from typing import Any

from sandbox.faults import FaultKind
from sandbox.kdniao.signing import signed_text
from sandbox.settings import Settings

SYSTEM_FIELDS = ("RequestData", "EBusinessID", "RequestType", "DataSign", "DataType")
QUERIES = frozenset({"1002", "8001", "8002"})
RECOGNISE = "2002"
FORBIDDEN_IN_VALUES = frozenset("'\"#&+<>%\\")
LONGEST_WAYBILL_NO = 30


class Refused(Exception):
    """The request is answered with Success false and this Reason."""

    def __init__(self, reason: str | None) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Application:
    """The application parameters of a request that passed the door."""

    request_type: str
    fields: dict[str, Any]

    def text(self, name: str) -> str:
        """A parameter as text, empty when it is missing or null."""
        value = self.fields.get(name)
        return "" if value is None else str(value).strip()


def admit(form: dict[str, str], settings: Settings, faults: frozenset[FaultKind]) -> Application:
    """Check a form in the vendor's order: fields, id, package, signature, then the JSON.

    Raises Refused.
    """
    for name in SYSTEM_FIELDS:
        if not form.get(name):
            raise Refused(f"缺少必要参数[{name}]")
    if form["EBusinessID"] != settings.kdniao_ebusiness_id:
        raise Refused("非法参数[请核实ID和key是否正确]")
    if FaultKind.QUOTA in faults:
        raise Refused("业务错误[没有可用套餐]")
    text = signed_text(form["RequestData"], form["DataSign"], settings.kdniao_app_key)
    if text is None or FaultKind.WRONG_SIGNATURE in faults:
        raise Refused("非法参数[请核实ID和key是否正确]")
    if form["DataType"] != "2":
        raise Refused("无效的输入[【DataType】不正确]")
    if form["RequestType"] not in QUERIES | {RECOGNISE}:
        raise Refused("无效的输入[【RequestType】不正确]")
    return Application(form["RequestType"], _checked(read_object(text)))


def read_object(text: str) -> dict[str, Any]:
    """Parse RequestData; single quotes are accepted, as old samples use them. Raises Refused."""
    for parse in (json.loads, ast.literal_eval):
        try:
            value = parse(text)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
        if isinstance(value, dict):
            return value
    raise Refused("RequestData格式有误")


def waybill_no_of(asked: Application) -> str:
    """The LogisticCode of a request. Raises Refused when it is missing or cannot be one."""
    waybill_no = asked.text("LogisticCode")
    if not waybill_no:
        raise Refused("缺少快递单号")
    if len(waybill_no) > LONGEST_WAYBILL_NO:
        raise Refused("单号长度不符")
    if not (waybill_no.isascii() and waybill_no.isalnum()):
        raise Refused("单号有特殊字符")
    return waybill_no


def _checked(fields: dict[str, Any]) -> dict[str, Any]:
    for value in fields.values():
        if isinstance(value, str) and FORBIDDEN_IN_VALUES & set(value):
            raise Refused("验证数据签名失败")
    return fields
