"""Reads printed papers back."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pypdf


@dataclass(frozen=True)
class Font:
    """A font of a paper: its name, and whether its shapes are in the file."""

    name: str
    is_embedded: bool


def pages(pdf: bytes) -> list[str]:
    """The text of each page, without the spaces a layout needs."""
    reader = pypdf.PdfReader(io.BytesIO(pdf), strict=True)
    return ["".join(page.extract_text().split()) for page in reader.pages]


def text_of(pdf: bytes) -> str:
    """The text of all pages."""
    return "".join(pages(pdf))


def fonts_of(pdf: bytes) -> list[Font]:
    """Every font any page uses."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return [font for page in reader.pages for font in _fonts(page.get("/Resources"))]


def photos_in(pdf: bytes) -> int:
    """How many photos are on the paper."""
    return pdf.count(b"/DCTDecode")


def _fonts(resources: Any) -> Iterator[Font]:
    found = resources.get_object() if resources else {}
    for font in _named(found, "/Font"):
        for inner in font.get("/DescendantFonts", [font]):
            descriptor = _inside(inner, "/FontDescriptor")
            embedded = any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
            yield Font(str(font["/BaseFont"]).removesuffix("-Identity-H"), embedded)
    for form in _named(found, "/XObject"):
        yield from _fonts(form.get("/Resources"))


def _named(resources: Any, kind: str) -> list[Any]:
    return [reference.get_object() for reference in _inside(resources, kind).values()]


def _inside(container: Any, key: str) -> Any:
    found = container.get_object().get(key) if hasattr(container, "get_object") else None
    return found.get_object() if found is not None else {}
