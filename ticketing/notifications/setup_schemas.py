"""What crosses the wire about what managers set up."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from ticketing.kernel.texts import WORD
from ticketing.notifications.hooks import EVENTS
from ticketing.notifications.management import RouteChange
from ticketing.notifications.manners import Channel
from ticketing.notifications.masks import masked_mail, masked_mobile
from ticketing.notifications.models import Contact, WebhookSubscription
from ticketing.notifications.schemas import Cleaned
from ticketing.notifications.wording import Template, blanks_of, shipped

ContactName = Annotated[str, Field(max_length=80, pattern=rf"^[{WORD}.@:-]{{1,80}}$")]
_EventName = Annotated[str, Field(max_length=60, pattern=r"^(\*|[a-z_]{1,60})$")]
_Code = Annotated[str, Field(max_length=60, pattern=rf"^[{WORD}.-]{{1,60}}$")]
_Secret = Annotated[str, Field(max_length=200, pattern=r"^[!-~]*$")]
Recipient = Literal["addressee", "assignee", "lead", "queue", "contact", "customer"]


class RouteIn(BaseModel):
    """A rule: an event of at least this level also goes to these by this channel.

    `event` `*` is every event about staff. `delay_seconds` is waited first; for
    `customer_unseen` it is how long a customer may not look.
    """

    event: _EventName
    channel: Channel
    recipient: Recipient
    contact: ContactName | None = None
    min_level: Annotated[int, Field(ge=0, le=9)] = 0
    delay_seconds: Annotated[int, Field(ge=0, le=86_400)] = 0
    is_active: bool = True

    def change(self) -> RouteChange:
        """Return the rule as the room takes it."""
        return RouteChange(**self.model_dump())


class RouteOut(BaseModel):
    """A rule with its number."""

    model_config = ConfigDict(from_attributes=True)

    id: int
    event: str
    channel: Channel
    recipient: str
    contact: str | None
    min_level: int
    delay_seconds: int
    is_active: bool
    updated_by: str
    updated_at: datetime


class ContactIn(BaseModel):
    """Where somebody is reached; a field that is left out stays, an empty one is cleared."""

    mail: Annotated[str, Field(max_length=200, pattern=r"^([^\s@<>]+@[^\s@<>]+)?$")] | None = None
    mobile: Annotated[str, Field(max_length=20, pattern=r"^(\+?[0-9 -]{5,19})?$")] | None = None
    dingtalk_token: _Secret | None = None
    dingtalk_secret: _Secret | None = None
    wecom_key: _Secret | None = None


class ContactOut(BaseModel):
    """A contact; addresses are masked and of robots it is only said that there is one."""

    name: str
    mail: str | None
    mobile: str | None
    has_dingtalk_robot: bool
    has_wecom_robot: bool
    updated_at: datetime

    @classmethod
    def of(cls, contact: Contact) -> Self:
        """Return a contact as it crosses the wire."""
        return cls(
            name=contact.name,
            mail=masked_mail(contact.mail),
            mobile=masked_mobile(contact.mobile),
            has_dingtalk_robot=bool(contact.dingtalk_token),
            has_wecom_robot=bool(contact.wecom_key),
            updated_at=contact.updated_at,
        )


class ContactPageOut(BaseModel):
    """A page of the address book, by name; `next_after` is null on the last page."""

    contacts: list[ContactOut]
    next_after: str | None


class TemplateIn(BaseModel):
    """A message worded anew; `{blank}` is filled in."""

    title: Annotated[Cleaned, Field(max_length=200)] = ""
    text: Annotated[Cleaned, Field(min_length=1, max_length=2000)]
    vendor_codes: Annotated[
        dict[Literal["aliyun_sms", "tencent_sms"], _Code], Field(max_length=2)
    ] = {}


class TemplateOut(BaseModel):
    """How a message is worded; version 0 is the shipped wording."""

    name: str
    channel: str
    version: int
    title: str
    text: str
    vendor_codes: dict[str, str]
    blanks: list[str]
    used: list[str]

    @classmethod
    def of(cls, template: Template) -> Self:
        """Return a template as it crosses the wire."""
        return cls(
            name=template.name,
            channel=template.channel,
            version=template.version,
            title=template.title,
            text=template.text,
            vendor_codes=dict(template.vendor_codes),
            blanks=sorted(shipped().blanks[template.name]),
            used=list(blanks_of(template.title + template.text)),
        )


class WebhookIn(BaseModel):
    """A subscriber: a public https address, and the events it wants (`*` is every one)."""

    url: Annotated[str, Field(min_length=8, max_length=500, pattern=r"^[!-~]+$")]
    events: Annotated[
        list[Annotated[str, Field(max_length=60)]], Field(min_length=1, max_length=20)
    ]

    def unknown(self) -> list[str]:
        """Return the events there are not."""
        return sorted({event for event in self.events if event not in (*EVENTS, "*")})


class WebhookOut(BaseModel):
    """A subscription, without its secret."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    url: str
    events: list[str]
    is_active: bool
    created_by: str
    created_at: datetime


class NewWebhookOut(WebhookOut):
    """A subscription as it is made: the only time its secret is shown."""

    secret: str

    @classmethod
    def of(cls, made: WebhookSubscription) -> Self:
        """Return a new subscription as it crosses the wire."""
        return cls.model_validate(made)
