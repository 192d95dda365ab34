"""Verbs of sites: add, change, recognise, and believe whom they vouch for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.kernel.errors import HouseError
from ticketing.kernel.ids import new_token
from ticketing.sites import repository
from ticketing.sites.models import Site
from ticketing.sites.signing import Identity, is_signed, secret_of

KEY = r"^[a-z0-9][a-z0-9-]{1,38}[a-z0-9]$"


class UnknownSite(HouseError):
    """No active site has this key."""

    status, code = 404, "unknown_site"

    def __init__(self) -> None:
        super().__init__("没有这个站点，或它已停用，请检查 data-site 里的站点标识")


class SiteExists(HouseError):
    """The key is taken."""

    status, code = 409, "site_exists"

    def __init__(self, key: str) -> None:
        super().__init__(f"站点标识「{key}」已被使用，请换一个", key=key)


class OriginNotAllowed(HouseError):
    """The page is not one of the site's."""

    status, code = 403, "origin_not_allowed"

    def __init__(self) -> None:
        super().__init__("这个网页不在站点允许的来源里，请让管理员把它的来源加上")


class WrongSignature(HouseError):
    """The signature was not made with the site's secret over what was brought."""

    status, code = 403, "wrong_signature"

    def __init__(self) -> None:
        super().__init__("身份签名不正确，已按访客继续")


class IdentityExpired(HouseError):
    """The signature is right and too old, or of a time to come."""

    status, code = 403, "identity_expired"

    def __init__(self) -> None:
        super().__init__("身份签名已过期，请刷新页面；现在先按访客继续")


async def sites(session: AsyncSession) -> Sequence[Site]:
    """Return every site, by key."""
    return await repository.sites(session)


async def origins(session: AsyncSession) -> set[str]:
    """Return where pages of active sites come from."""
    return await repository.origins(session)


async def site(session: AsyncSession, key: str) -> Site:
    """Return an active site; raise `UnknownSite`."""
    found = await repository.site(session, key) if re.fullmatch(KEY, key) else None
    if found is None or not found.is_active:
        raise UnknownSite
    return found


async def add(
    session: AsyncSession, key: str, wanted: dict[str, Any], now: datetime, *, house_secret: str
) -> tuple[Site, str]:
    """Add a site with its `name`, `origins` and `theme`; return it and its secret.

    Raises `SiteExists`.
    """
    if await repository.site(session, key) is not None:
        raise SiteExists(key)
    added = Site(
        **wanted, key=key, salt=new_token(), is_active=True, created_at=now, updated_at=now
    )
    session.add(added)
    await session.flush()
    return added, secret_of(key, added.salt, house_secret)


async def change(session: AsyncSession, key: str, wanted: dict[str, Any], now: datetime) -> Site:
    """Change what is named about a site, active or not; raise `UnknownSite`."""
    found = await _locked(session, key)
    for name, value in wanted.items():
        setattr(found, name, value)
    found.updated_at = now
    return found


async def roll_secret(
    session: AsyncSession, key: str, now: datetime, *, house_secret: str
) -> tuple[Site, str]:
    """Give a site a new secret; what was signed with the old one counts no more."""
    found = await _locked(session, key)
    found.salt, found.updated_at = new_token(), now
    return found, secret_of(key, found.salt, house_secret)


def check(
    site: Site,
    identity: Identity,
    signature: str,
    now: datetime,
    *,
    house_secret: str,
    is_known: bool = False,
) -> None:
    """Raise `WrongSignature` or `IdentityExpired` unless the site vouches for a customer.

    `is_known`: the customer was recognised before and only comes back, so that age is no matter.
    """
    secret = secret_of(site.key, site.salt, house_secret)
    if identity.site != site.key or not is_signed(identity, signature, secret):
        raise WrongSignature
    if not is_known and not identity.is_fresh(now):
        raise IdentityExpired


async def _locked(session: AsyncSession, key: str) -> Site:
    found = await repository.site(session, key, lock=True)
    if found is None:
        raise UnknownSite
    return found
