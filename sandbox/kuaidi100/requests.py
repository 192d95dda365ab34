"""Reads and checks a 快递100 query, and words the failures (sections 4 and 6)."""

import json
from dataclasses import dataclass
from typing import Any

from sandbox.faults import FaultKind
from sandbox.kuaidi100.signing import is_signed
from sandbox.settings import Settings

SHORTEST_NUM, LONGEST_NUM = 6, 32
RESULT_VERSIONS = frozenset({"", "0", "1", "2", "4", "6", "8"})


class Failed(Exception):
    """The query is answered with the failure schema."""

    def __init__(self, return_code: str, message: str) -> None:
        super().__init__(message)
        self.return_code = return_code
        self.message = message

    def body(self) -> dict[str, Any]:
        """The failure schema: it has none of the fields of a success."""
        return {"result": False, "returnCode": self.return_code, "message": self.message}


@dataclass(frozen=True)
class Query:
    """The param of a query that passed the door; `result_version` is resultv2."""

    com: str
    num: str
    phone: str
    result_version: str
    ascending: bool
    wants_courier: bool


def admit(form: dict[str, str] | None, settings: Settings, faults: frozenset[FaultKind]) -> Query:
    """Check a query form: completeness, subscriber, units, signature, param. Raises Failed."""
    if form is None or not all(form.get(name) for name in ("customer", "sign", "param")):
        raise Failed("400", "提交的数据不完整，或者贵公司没授权")
    if form["customer"] != settings.kuaidi100_customer:
        raise Failed("600", "您不是合法的订阅者（即授权Key出错）")
    if FaultKind.QUOTA in faults:
        raise Failed("601", "KEY已过期，或没有可用单量")
    if FaultKind.WRONG_SIGNATURE in faults or not is_signed(
        form, settings.kuaidi100_key, settings.kuaidi100_customer
    ):
        raise Failed("503", "验证签名失败")
    return _query(read_param(form["param"]))


def read_param(param: str) -> dict[str, str]:
    """Parse the param text into texts. Raises Failed."""
    try:
        fields = json.loads(param)
    except (ValueError, RecursionError) as error:
        raise Failed("501", "服务器错误：param格式有误") from error
    if not isinstance(fields, dict):
        raise Failed("501", "服务器错误：param格式有误")
    return {name: _text(value) for name, value in fields.items()}


def _query(fields: dict[str, str]) -> Query:
    query = Query(
        com=fields.get("com", ""),
        num=fields.get("num", ""),
        phone=fields.get("phone", ""),
        result_version=fields.get("resultv2", ""),
        ascending=fields.get("order") == "asc",
        wants_courier=fields.get("needCourierInfo") == "true",
    )
    lacks_destination = query.result_version == "8" and not fields.get("to")
    if not query.com or not query.num or lacks_destination:
        raise Failed("400", "提交的数据不完整")
    if not SHORTEST_NUM <= len(query.num) <= LONGEST_NUM:
        raise Failed("400", "提交的数据不完整：num应为6到32位")
    if query.result_version not in RESULT_VERSIONS or fields.get("show", "0") not in {"", "0"}:
        raise Failed("400", "提交的数据不支持")
    return query


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value).strip()
