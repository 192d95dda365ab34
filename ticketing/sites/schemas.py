"""What crosses the wire about sites."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, Field

from ticketing.kernel.texts import clean
from ticketing.sites.models import Site
from ticketing.sites.origins import origin_of
from ticketing.sites.service import KEY

SiteKey = Annotated[str, Field(pattern=KEY)]


def _origin(written: str) -> str:
    origin = origin_of(written)
    if origin is None:
        raise ValueError("an origin is https://host or https://host:port, without a path")
    return origin


Origin = Annotated[str, Field(min_length=8, max_length=300), AfterValidator(_origin)]
Origins = Annotated[list[Origin], Field(min_length=1, max_length=20)]
Name = Annotated[str, Field(min_length=1, max_length=60), AfterValidator(clean)]


class Theme(BaseModel):
    """How the chat looks on a site."""

    colour: Annotated[str, Field(pattern=r"^#[0-9a-fA-F]{6}$")] = "#0b6b66"
    title: Annotated[str, AfterValidator(clean), Field(max_length=20)] = "在线客服"
    position: Literal["left", "right"] = "right"
    greeting: Annotated[str, AfterValidator(clean), Field(max_length=200)] = ""
    """Said beside the closed launcher; empty for nothing."""


class SiteIn(BaseModel):
    """A new site; its key cannot be changed later."""

    key: SiteKey
    name: Name
    origins: Origins
    theme: Theme = Theme()


class SiteChange(BaseModel):
    """What is to be different about a site."""

    name: Name | None = None
    origins: Origins | None = None
    theme: Theme | None = None
    is_active: bool | None = None


class SiteOut(BaseModel):
    """A site, without its secret."""

    key: str
    name: str
    origins: list[str]
    theme: Theme
    is_active: bool
    created_at: datetime
    updated_at: datetime

    @classmethod
    def of(cls, site: Site) -> Self:
        """Return the site as it crosses the wire."""
        return cls.model_validate(site, from_attributes=True)


class SitesOut(BaseModel):
    """Every site, by key."""

    sites: list[SiteOut]


class SecretOut(BaseModel):
    """A site with its secret, which is shown this once."""

    site: SiteOut
    secret: str


class PublicSiteOut(BaseModel):
    """What the widget needs to know before anybody opens it."""

    key: str
    theme: Theme
