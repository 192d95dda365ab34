"""OAuth2: password grant for people, client credentials for systems."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Form
from pydantic import BaseModel, Field

from ticketing.accounts import service, tokens
from ticketing.accounts.schemas import TokenOut
from ticketing.accounts.service import InvalidGrant
from ticketing.kernel.errors import InvalidRequest
from ticketing.kernel.web import ClockDep, SessionDep, SettingsDep, may_raise

router = APIRouter(prefix="/api/oauth", tags=["accounts"])

_Field = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class GrantForm(BaseModel):
    """The form fields of OAuth2's two grants."""

    grant_type: Literal["password", "client_credentials"]
    username: _Field = ""
    password: _Field = ""
    client_id: _Field = ""
    client_secret: _Field = ""


@router.post("/token", responses=may_raise(InvalidGrant, InvalidRequest))
async def token(
    form: Annotated[GrantForm, Form()],
    session: SessionDep,
    clock: ClockDep,
    settings: SettingsDep,
) -> TokenOut:
    """Sign a person or a system in."""
    caller = (
        await service.sign_in(session, form.username, form.password)
        if form.grant_type == "password"
        else await service.recognise_system(session, form.client_id, form.client_secret)
    )
    secret = settings.secret_key.get_secret_value()
    signed = tokens.issue(caller, secret, clock())
    return TokenOut(access_token=signed, expires_in=int(tokens.LIFETIME.total_seconds()))
