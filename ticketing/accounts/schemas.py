"""What crosses the wire about accounts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, Field

from ticketing.accounts.models import Person
from ticketing.accounts.tokens import Role
from ticketing.kernel.texts import WORD, clean

USERNAME = rf"^[{WORD}.@-]{{1,64}}$"
Username = Annotated[str, Field(max_length=64, pattern=USERNAME)]
Password = Annotated[str, Field(min_length=8, max_length=200, pattern=r"^[^\x00]*$")]
DisplayName = Annotated[str, AfterValidator(clean), Field(min_length=1, max_length=80)]
PersonsRole = Literal[Role.AGENT, Role.LEAD, Role.MANAGER]


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
