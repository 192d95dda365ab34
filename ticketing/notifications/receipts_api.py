"""The doors where SMS vendors report; a secret in the path is all they can be told by."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import APIRouter, Body, Path

from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.settings import Settings
from ticketing.kernel.web import ClockDep, SessionDep, SettingsDep, may_raise
from ticketing.notifications import receipts
from ticketing.notifications.schemas import AliyunReportIn, TencentReportIn

router = APIRouter(
    prefix="/api/receipts", tags=["notifications"], responses=may_raise(NotSignedIn, NotAllowed)
)

Token = Annotated[str, Path(max_length=200)]
AliyunReports = Annotated[list[AliyunReportIn], Body(max_length=500)]
TencentReports = Annotated[list[TencentReportIn], Body(max_length=500)]


@router.post("/aliyun/{token}")
async def aliyun(
    token: Token,
    reports: AliyunReports,
    session: SessionDep,
    settings: SettingsDep,
    clock: ClockDep,
) -> dict[str, int | str]:
    """Take 阿里云's delivery reports; the answer's shape is theirs."""
    _check(token, settings)
    await receipts.take(session, [report.receipt() for report in reports], clock())
    return {"code": 0, "msg": "接收成功"}


@router.post("/tencent/{token}")
async def tencent(
    token: Token,
    reports: TencentReports,
    session: SessionDep,
    settings: SettingsDep,
    clock: ClockDep,
) -> dict[str, int | str]:
    """Take 腾讯云's delivery reports; the answer's shape is theirs."""
    _check(token, settings)
    await receipts.take(session, [report.receipt() for report in reports], clock())
    return {"result": 0, "errmsg": "OK"}


def _check(token: str, settings: Settings) -> None:
    """Raise `NotAllowed` unless the path's secret is ours; without one the doors are shut."""
    wanted = settings.receipts_token.get_secret_value()
    given = token.encode(errors="replace")
    if not wanted or not hmac.compare_digest(wanted.encode(), given):
        raise NotAllowed
