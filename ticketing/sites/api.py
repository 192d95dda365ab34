"""Sites for managers, and what their pages may know of themselves."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from ticketing.accounts.permissions import MayManage
from ticketing.kernel.errors import NotAllowed, NotSignedIn
from ticketing.kernel.web import ClockDep, SessionDep, SettingsDep, may_raise
from ticketing.sites import service
from ticketing.sites.schemas import (
    PublicSiteOut,
    SecretOut,
    SiteChange,
    SiteIn,
    SiteOut,
    SitesOut,
    Theme,
)
from ticketing.sites.service import KEY, OriginNotAllowed, SiteExists, UnknownSite

Key = Annotated[str, Path(pattern=KEY)]

router = APIRouter(prefix="/api/sites", tags=["sites"])
_REFUSED = may_raise(NotSignedIn, NotAllowed)


@router.get("", responses=_REFUSED)
async def sites(_caller: MayManage, session: SessionDep) -> SitesOut:
    """Return the sites that may embed the chat."""
    return SitesOut(sites=[SiteOut.of(site) for site in await service.sites(session)])


@router.post("", status_code=201, responses=may_raise(NotSignedIn, NotAllowed, SiteExists))
async def add_site(
    body: SiteIn,
    _caller: MayManage,
    session: SessionDep,
    clock: ClockDep,
    settings: SettingsDep,
) -> SecretOut:
    """Add a site; its secret is shown this once."""
    secret = settings.secret_key.get_secret_value()
    wanted = body.model_dump(exclude={"key"})
    added, shown = await service.add(session, body.key, wanted, clock(), house_secret=secret)
    return SecretOut(site=SiteOut.of(added), secret=shown)


@router.patch("/{key}", responses=may_raise(NotSignedIn, NotAllowed, UnknownSite))
async def change_site(
    key: Key, body: SiteChange, _caller: MayManage, session: SessionDep, clock: ClockDep
) -> SiteOut:
    """Change a site's name, origins or theme, or switch it off and on."""
    wanted = {name: value for name, value in body.model_dump().items() if value is not None}
    return SiteOut.of(await service.change(session, key, wanted, clock()))


@router.post("/{key}/secret", responses=may_raise(NotSignedIn, NotAllowed, UnknownSite))
async def roll_secret(
    key: Key, _caller: MayManage, session: SessionDep, clock: ClockDep, settings: SettingsDep
) -> SecretOut:
    """Give a site a new secret at once; the old one signs no more."""
    secret = settings.secret_key.get_secret_value()
    changed, shown = await service.roll_secret(session, key, clock(), house_secret=secret)
    return SecretOut(site=SiteOut.of(changed), secret=shown)


@router.get("/{key}/public", responses=may_raise(UnknownSite, OriginNotAllowed))
async def public_site(
    key: Key, request: Request, response: Response, session: SessionDep
) -> PublicSiteOut:
    """Tell a site's own pages how the chat looks there; other pages are refused."""
    site = await service.site(session, key)
    origin = request.headers.get("origin")
    response.headers["Vary"] = "Origin"
    response.headers["Cache-Control"] = "no-cache"
    if origin is not None:
        if origin not in site.origins and origin != str(request.base_url).rstrip("/"):
            raise OriginNotAllowed
        response.headers["Access-Control-Allow-Origin"] = origin
    return PublicSiteOut(key=site.key, theme=Theme.model_validate(site.theme))
