"""What crosses the wire about papers and their templates."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Self

from pydantic import BaseModel, Field

from ticketing.printing.models import PaperTemplate
from ticketing.printing.service import Standing

SOURCE_LIMIT = 30_000

Source = Annotated[str, Field(min_length=1, max_length=SOURCE_LIMIT, pattern=r"^[^\x00]*$")]


class PaperOut(BaseModel):
    """A paper; `active_version` 0 is the shipped template."""

    name: str
    label: str
    is_printed: bool
    active_version: int

    @classmethod
    def of(cls, standing: Standing) -> Self:
        """Return it as it crosses the wire."""
        paper = standing.paper
        return cls(
            name=paper.name,
            label=paper.label,
            is_printed=paper.is_printed,
            active_version=standing.active_version,
        )


class TemplateIn(BaseModel):
    """A template's text, in Typst."""

    source: Source


class TrialIn(TemplateIn):
    """A template to be tried, about a ticket or a made-up one."""

    ticket_no: Annotated[str, Field(pattern=r"^[Tt][0-9]{14}$")] | None = None


class TemplateOut(BaseModel):
    """A version of a template that a manager has written."""

    name: str
    version: int
    by: str
    at: datetime
    is_active: bool
    activated_by: str | None
    activated_at: datetime | None

    @classmethod
    def of(cls, template: PaperTemplate) -> Self:
        """Return it as it crosses the wire."""
        return cls.model_validate(template, from_attributes=True)


class TemplateSourceOut(BaseModel):
    """The text of a version of a template."""

    name: str
    version: int
    source: str
