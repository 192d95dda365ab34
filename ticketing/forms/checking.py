"""Whether a form is filled in rightly: only what is visible counts."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from ticketing.forms.errors import FormDataInvalid, Problem, echo
from ticketing.forms.form import Field, FieldKind, Form
from ticketing.forms.values import Known, NotFit, file_id, value_of

_UNKNOWN_TOLD = 10
_WORDS = (FieldKind.TEXT, FieldKind.LONG_TEXT)


def validate(
    form: Form,
    data: Mapping[str, Any],
    files: Mapping[str, str] | None = None,
    *,
    today: date | None = None,
) -> dict[str, Any]:
    """Return the cleaned answers to the visible fields; raise `FormDataInvalid` with every problem.

    `files` are the media types of the files that may be named, by id; None trusts every id.
    """
    kept, problems = examined(form, data, Known(files, today))
    if problems:
        raise FormDataInvalid(form.title, problems)
    return kept


def examined(
    form: Form, data: Mapping[str, Any], known: Known
) -> tuple[dict[str, Any], list[Problem]]:
    """Return what is kept of the answers, and what is wrong with the others."""
    problems = list(_unknown(form, data))
    kept: dict[str, Any] = {}
    for field in form.fields:
        if field.fixed or field.is_hidden(facts_for(form, kept)):
            continue
        try:
            value = value_of(field, data.get(field.key), known)
        except NotFit as not_fit:
            problems.append(Problem(field.key, field.label, str(not_fit)))
            continue
        if value is not None:
            kept[field.key] = value
    return kept, problems


def facts_for(form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    """Return what conditions may look at: every field, null where there is no answer."""
    return {field.key: answers.get(field.key) for field in form.fields}


def visible(form: Form, answers: Mapping[str, Any]) -> Iterator[Field]:
    """The fields that are there with these answers, in order; answers to hidden ones count not."""
    counted: dict[str, Any] = {}
    for field in form.fields:
        if field.is_hidden(facts_for(form, counted)):
            continue
        yield field
        if not field.fixed and answers.get(field.key) is not None:
            counted[field.key] = answers[field.key]


def file_ids(form: Form, data: Mapping[str, Any]) -> set[str]:
    """Return the ids of all files the answers name, as far as they are ids."""
    return {each for each, _ in files_in(form, data)}


def files_in(form: Form, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the id of each file the answers name, and the key of the field that names it."""
    asking = [field.key for field in form.fields if field.kind is FieldKind.FILES]
    return [(each, key) for key in asking for each in _ids(data.get(key))]


def words_in(form: Form, data: Mapping[str, Any]) -> list[str]:
    """Return the answers that are somebody's own words."""
    spoken = [field.key for field in form.fields if field.kind in _WORDS]
    return [str(data[key]) for key in spoken if data.get(key) is not None]


def _ids(raw: Any) -> Iterator[str]:
    given: Collection[Any] = raw if isinstance(raw, list) else (raw,)
    for each in list(given)[:100]:
        try:
            yield file_id(each if isinstance(each, str) else "")
        except NotFit:
            continue


def _unknown(form: Form, data: Mapping[str, Any]) -> Iterator[Problem]:
    known = {field.key for field in form.fields}
    strange = [key for key in data if key not in known]
    for key in strange[:_UNKNOWN_TOLD]:
        yield Problem(echo(key), echo(key), "表单里没有这一项")
