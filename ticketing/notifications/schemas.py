"""What crosses the wire about notices, deliveries and reports."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from ticketing.kernel.texts import clean
from ticketing.notifications.manners import Channel, State
from ticketing.notifications.models import Delivery, StaffNoticeRow
from ticketing.notifications.receipts import Receipt

Cleaned = Annotated[str, AfterValidator(clean)]
BIGGEST = 2**62
RowId = Annotated[int, Field(ge=1, le=BIGGEST)]


class NoticeOut(BaseModel):
    """A notice in one's own inbox."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    event: str
    ticket_no: str
    title: str
    text: str
    level: int
    created_at: datetime
    read_at: datetime | None


class NoticePageOut(BaseModel):
    """A page of one's notices, newest first; `unread` counts all there are."""

    notices: list[NoticeOut]
    unread: int
    next_before: int | None

    @classmethod
    def of(cls, rows: list[StaffNoticeRow], unread: int, limit: int) -> Self:
        """Return a page as it crosses the wire."""
        last = rows[-1].id if len(rows) == limit else None
        notices = [NoticeOut.model_validate(row) for row in rows]
        return cls(notices=notices, unread=unread, next_before=last)


class ReadIn(BaseModel):
    """Which notices were read; none named: all of them."""

    ids: Annotated[list[RowId], Field(max_length=500)] | None = None


class ReadOut(BaseModel):
    """How many notices were new to their reader."""

    read: int


class DeliveryOut(BaseModel):
    """A message that left, or was to leave, by another way than the chat."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    channel: Channel
    recipient: str
    event: str
    ticket_no: str | None
    template: str
    level: int
    urgent: bool
    state: State
    attempts: int
    next_at: datetime
    title: str | None
    text: str | None
    last_error: str | None
    provider: str | None
    provider_id: str | None
    receipts: list[dict[str, Any]]
    merged_into: uuid.UUID | None
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None

    @classmethod
    def of(cls, delivery: Delivery) -> Self:
        """Return a delivery as it crosses the wire."""
        return cls.model_validate(delivery)


class DeliveryPageOut(BaseModel):
    """A page of deliveries, newest first; `next_cursor` is null on the last page."""

    deliveries: list[DeliveryOut]
    next_cursor: str | None


class DeliveryCountsOut(BaseModel):
    """How many deliveries stand how, and which channels are set up."""

    counts: dict[str, int]
    channels: list[Channel]


_Word = Annotated[str, Field(max_length=200)]


class AliyunReportIn(BaseModel):
    """One entry of 阿里云's SmsReport; the number is read by nobody."""

    success: bool
    err_code: _Word = ""
    biz_id: _Word = ""
    out_id: _Word | None = None

    def receipt(self) -> Receipt:
        """Return the report in our words."""
        return Receipt(
            clean(self.out_id or ""), clean(self.biz_id), self.success, clean(self.err_code)
        )


class TencentReportIn(BaseModel):
    """One entry of 腾讯云's status notification; the number is read by nobody."""

    report_status: _Word
    errmsg: _Word = ""
    sid: _Word

    def receipt(self) -> Receipt:
        """Return the report in our words; it never gives our reference back."""
        is_delivered = self.report_status == "SUCCESS"
        return Receipt("", clean(self.sid), is_delivered, clean(self.errmsg))
