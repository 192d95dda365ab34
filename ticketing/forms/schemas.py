"""What crosses the wire about forms."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, Field

from ticketing.forms.errors import Problem
from ticketing.forms.form import Form
from ticketing.forms.models import FormVersion
from ticketing.forms.service import Listed

Version = Annotated[str, Field(pattern=r"^[0-9a-f]{12}$")]


class FormVersionIn(BaseModel):
    """A new version: the schema as form-js writes it."""

    schema_: Annotated[dict[str, Any], Field(alias="schema")]


class ActivateIn(BaseModel):
    """Which version is to be in force, and which one it replaces (null: there is none)."""

    version: Version
    replaces: Version | None = None


class CheckIn(BaseModel):
    """Answers to try a form with; null for the version in force."""

    data: dict[str, Any]
    version: Version | None = None


class ProblemOut(BaseModel):
    """What is wrong with one answer."""

    key: str
    label: str
    problem: str

    @classmethod
    def of(cls, problem: Problem) -> Self:
        """Return the problem as it crosses the wire."""
        return cls(key=problem.key, label=problem.label, problem=problem.problem)


class CheckOut(BaseModel):
    """What would be kept of the answers, and what is wrong with the others."""

    data: dict[str, Any]
    problems: list[ProblemOut]


class FormOut(BaseModel):
    """A form; `fields` are its keys in order."""

    name: str
    version: str
    title: str
    fields: list[str]
    is_shipped: bool

    @classmethod
    def of(cls, listed: Listed) -> Self:
        """Return the form as it stands in a list."""
        form = listed.form
        keys = [field.key for field in form.fields]
        named = {"name": form.name, "version": form.version, "title": form.title}
        return cls(**named, fields=keys, is_shipped=listed.is_shipped)


class FormSchemaOut(BaseModel):
    """A form with its schema, ready for form-js."""

    name: str
    version: str
    title: str
    schema_: Annotated[dict[str, Any], Field(serialization_alias="schema")]

    @classmethod
    def of(cls, form: Form) -> Self:
        """Return the form whole."""
        return cls(name=form.name, version=form.version, title=form.title, schema_=form.schema)


class FormsOut(BaseModel):
    """Every form in force, by name."""

    forms: list[FormOut]


class VersionOut(BaseModel):
    """One uploaded version."""

    version: str
    title: str
    uploaded_by: str
    uploaded_at: datetime
    active: bool
    activated_by: str | None
    activated_at: datetime | None

    @classmethod
    def of(cls, row: FormVersion) -> Self:
        """Return the version as it crosses the wire."""
        return cls.model_validate({name: getattr(row, name) for name in cls.model_fields})


class VersionPageOut(BaseModel):
    """A page of versions, newest first; `next_cursor` is null on the last page."""

    versions: list[VersionOut]
    next_cursor: str | None
