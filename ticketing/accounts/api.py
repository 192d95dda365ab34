"""OAuth2: password grant for people, client credentials for systems."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, Field

from ticketing.accounts import entrance, second_factor, tokens
from ticketing.accounts.entrance import Attempt
from ticketing.accounts.schemas import TokenOut
from ticketing.accounts.second_factor import SecondFactorNeeded, WrongCode
from ticketing.accounts.service import InvalidGrant
from ticketing.accounts.session_cookie import origin_of
from ticketing.accounts.throttle import TooManyTries
from ticketing.kernel.errors import InvalidRequest
from ticketing.kernel.web import ClockDep, DatabaseDep, SettingsDep, may_raise

router = APIRouter(prefix="/api/oauth", tags=["accounts"])

_Field = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class GrantForm(BaseModel):
    """The form fields of OAuth2's two grants; `code` is that of a second factor."""

    grant_type: Literal["password", "client_credentials"]
    username: _Field = ""
    password: _Field = ""
    client_id: _Field = ""
    client_secret: _Field = ""
    code: _Field = ""

    def attempt(self, request: Request) -> Attempt:
        """Return who wants to come in."""
        is_system = self.grant_type == "client_credentials"
        return Attempt(
            name=self.client_id if is_system else self.username,
            secret=self.client_secret if is_system else self.password,
            code=self.code,
            origin=origin_of(request),
            is_system=is_system,
            how="token",
            route="POST /api/oauth/token",
            lifetime=tokens.LIFETIME,
        )


@router.post(
    "/token",
    responses=may_raise(InvalidGrant, SecondFactorNeeded, WrongCode, InvalidRequest, TooManyTries),
)
async def token(
    request: Request,
    form: Annotated[GrantForm, Form()],
    db: DatabaseDep,
    clock: ClockDep,
    settings: SettingsDep,
) -> TokenOut:
    """Sign a person or a system in."""
    now = clock()
    attempt = form.attempt(request)
    caller = await entrance.enter(db, attempt, second_factor.box(settings.secret_key), now)
    signed = tokens.issue(caller, settings.secret_key.get_secret_value(), now)
    return TokenOut(access_token=signed, expires_in=int(tokens.LIFETIME.total_seconds()))
