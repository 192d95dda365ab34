"""The forms that come with the product, read once."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from ticketing.forms.form import Form
from ticketing.forms.reading import read_form

FOLDER = Path(__file__).parent / "schemas"


@cache
def shipped() -> Mapping[str, Form]:
    """Return the shipped forms by name; raise `FormRefused` for the first bad file."""
    files = sorted(FOLDER.glob("*.json"))
    return {file.stem: read_form(file.stem, file.read_text("utf-8")) for file in files}
