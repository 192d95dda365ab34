"""What crosses the wire about accounts."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from ticketing.accounts.models import Person, SignIn
from ticketing.accounts.tokens import Role
from ticketing.kernel.texts import WORD, clean

USERNAME = rf"^[{WORD}.@-]{{1,64}}$"
Username = Annotated[str, Field(max_length=64, pattern=USERNAME)]
Password = Annotated[str, Field(min_length=8, max_length=200, pattern=r"^[^\x00]*$")]
DisplayName = Annotated[str, AfterValidator(clean), Field(min_length=1, max_length=80)]


def _of_our_century(at: datetime) -> datetime:
    if not 2000 <= at.year < 2100:
        raise ValueError(at.year)
    return at


Moment = Annotated[AwareDatetime, AfterValidator(_of_our_century)]
PersonsRole = Literal[Role.AGENT, Role.LEAD, Role.TRAINER, Role.MANAGER, Role.ADMIN]


class TokenOut(BaseModel):
    """An access token, in OAuth2's own names."""

    access_token: str
    token_type: str = "bearer"
    expires_in: int


class MeOut(BaseModel):
    """Who is asking; `display_name` is the name where there is no person behind it."""

    name: str
    display_name: str
    role: Role
    permissions: list[str] = []
    """What the console shows goes by these, never by the role (docs/permissions.md)."""
    has_second_factor: bool = False


class SignInIn(BaseModel):
    """How somebody signs in at the console; `code` is that of the second factor."""

    username: Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")]
    password: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
    code: Annotated[str, Field(max_length=20, pattern=r"^[0-9a-zA-Z-]*$")] = ""


class SignInWaysOut(BaseModel):
    """How one may sign in here."""

    password: bool
    oidc_label: str | None
    """What the button for single sign-on says; null where there is none."""


class SignInOut(BaseModel):
    """Where somebody is signed in."""

    id: uuid.UUID
    username: str
    created_at: datetime
    seen_at: datetime
    how: str
    """password, oidc (single sign-on) or token (a program)."""
    agent: str
    """The browser's or program's name."""
    address: str
    is_current: bool

    @classmethod
    def of(cls, made: SignIn, current: uuid.UUID | None) -> Self:
        """Return the sign-in as it crosses the wire to whoever asks by the current one."""
        own = {name: getattr(made, name) for name in cls.model_fields.keys() - {"is_current"}}
        return cls(**own, is_current=made.id == current)


class SecondFactorOut(BaseModel):
    """A second factor to be confirmed with a first code; shown this once."""

    secret: str
    uri: str
    qr_svg: str
    recovery_codes: list[str]


class CodeIn(BaseModel):
    """A code of the second factor."""

    code: Annotated[str, Field(max_length=20, pattern=r"^[0-9a-zA-Z-]+$")]


class OwnPasswordIn(BaseModel):
    """A new password, by who knows the old one."""

    old: Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]
    new: Password


class AuditQuery(BaseModel):
    """Which lines of the audit log are wanted."""

    by: Annotated[str, Field(max_length=64, pattern=r"^[^\x00]*$")] | None = None
    what: Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")] | None = None
    """A thing, or the beginning of its name."""
    deed: Literal["saw", "did", "failed"] | None = None
    since: Moment | None = None
    until: Moment | None = None
    cursor: Annotated[str, Field(max_length=200)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class AuditLineOut(BaseModel):
    """Who saw or changed what."""

    id: int
    at: datetime
    by: str
    role: str
    deed: str
    """saw, did or failed (a sign-in that was refused)."""
    route: str
    what: str
    """Which thing: a ticket number, a conversation, a username."""
    address: str


class AuditPageOut(BaseModel):
    """A page of the audit log, newest first."""

    lines: list[AuditLineOut]
    next_cursor: str | None


class PersonIn(BaseModel):
    """Somebody new."""

    username: Username
    display_name: DisplayName
    role: PersonsRole
    password: Password


class PersonChangeIn(BaseModel):
    """What is to change about a person; what is absent stays."""

    display_name: DisplayName | None = None
    role: PersonsRole | None = None
    is_active: bool | None = None
    password: Password | None = None


class PersonOut(BaseModel):
    """Somebody who works here."""

    username: str
    display_name: str
    role: str
    is_active: bool
    created_at: datetime

    @classmethod
    def of(cls, person: Person) -> Self:
        """Return the person as they cross the wire: without any hash."""
        return cls.model_validate({name: getattr(person, name) for name in cls.model_fields})


class PersonPageOut(BaseModel):
    """A page of people, the longest known first; `next_cursor` is null on the last page."""

    people: list[PersonOut]
    next_cursor: str | None
