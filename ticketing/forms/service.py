"""Verbs of forms: which version is in force, and what may be said about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from types import MappingProxyType

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.forms import repository
from ticketing.forms.checking import file_ids, files_in, validate, words_in
from ticketing.forms.errors import FormDataInvalid, FormRefused, FormVersionChanged, UnknownForm
from ticketing.forms.form import Choice, Field, FieldKind, Form
from ticketing.forms.models import FormVersion
from ticketing.forms.reading import form_of, read_form
from ticketing.forms.shipped import shipped
from ticketing.kernel.cache import forget, remembered

__all__ = [
    "Choice",
    "Field",
    "FieldKind",
    "Form",
    "FormDataInvalid",
    "FormRefused",
    "FormVersionChanged",
    "UnknownForm",
    "file_ids",
    "files_in",
    "validate",
    "words_in",
]

_ACTIVE = "forms.active"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Listed:
    """A form in force; `is_shipped` when nobody has put another one in its place."""

    form: Form
    is_shipped: bool


async def form(session: AsyncSession, name: str) -> Form:
    """Return the form in force; raise `UnknownForm`. One remembered query for all forms."""
    found = (await _in_force(session)).get(name)
    if found is None:
        raise UnknownForm(name)
    return found


async def form_version(session: AsyncSession, name: str, version: str) -> Form:
    """Return a form in one of its versions, shipped or uploaded; raise `UnknownForm`."""
    of_product = shipped().get(name)
    if of_product is not None and of_product.version == version:
        return of_product
    row = await repository.version(session, name, version)
    if row is None:
        raise UnknownForm(name, version)
    return read_form(name, row.source)


async def version_or_active(session: AsyncSession, name: str, version: str | None) -> Form:
    """Return a form in that version, in the one in force without any; raise `UnknownForm`."""
    if version is None:
        return await form(session, name)
    return await form_version(session, name, version)


async def forms(session: AsyncSession) -> list[Listed]:
    """Return every form in force, by name."""
    current = await _in_force(session)
    own = shipped()
    return [
        Listed(current[name], is_shipped=name in own and current[name].version == own[name].version)
        for name in sorted(current)
    ]


async def versions(
    session: AsyncSession, name: str, before: tuple[datetime, str] | None, limit: int
) -> Sequence[FormVersion]:
    """Return a page of a form's uploaded versions, newest first; raise `UnknownForm`."""
    found = await repository.versions(session, name, before, limit)
    if not found and before is None and name not in shipped():
        raise UnknownForm(name)
    return found


async def upload(
    session: AsyncSession, name: str, schema: object, *, by: str, now: datetime
) -> Form:
    """Keep a new version, not yet in force; raise `FormRefused`. Twice the same is once."""
    read = form_of(name, schema)
    row = FormVersion(
        name=name,
        version=read.version,
        title=read.title,
        source=read.source,
        uploaded_by=by,
        uploaded_at=now,
    )
    await repository.add_if_new(session, row)
    return read


async def activate(
    session: AsyncSession, wanted: Form, *, replaces: str | None, by: str, now: datetime
) -> Form:
    """Put a version in force in the place of the one the caller knows.

    `replaces` is None for a form of a new name. Raises `FormVersionChanged`.
    """
    await repository.lock(session, wanted.name)
    forget(session, _ACTIVE)
    current = (await _read_active(session)).get(wanted.name)
    active = current.version if current else None
    if active != replaces:
        raise FormVersionChanged(wanted.name, active or "", replaces or "")
    await repository.put_in_force(session, wanted.name, wanted.version, by, now)
    return wanted


async def _in_force(session: AsyncSession) -> Mapping[str, Form]:
    return await remembered(session, _ACTIVE, _read_active)


async def _read_active(session: AsyncSession) -> Mapping[str, Form]:
    current = dict(shipped())
    for row in await repository.active(session):
        try:
            current[row.name] = _read(row.name, row.source)
        except FormRefused as refused:
            _log.error("active_form_refused", form=row.name, detail=refused.detail)
    return MappingProxyType(current)


@lru_cache(maxsize=256)
def _read(name: str, source: str) -> Form:
    return read_form(name, source)
