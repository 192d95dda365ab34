"""Papers as the eye sees them: something on every page, and nothing in the margins."""

from __future__ import annotations

import pypdfium2
import pytest
from PIL.Image import Image

from tests.ticketing.printing.made import PRINTED, said, sheet
from ticketing.printing.press import Press

PRESS = Press()
MARGIN, WHITE = 50, 250
"""Points of paper at the left and right that stay white, and how white that is."""


def rendered(pdf: bytes) -> list[Image]:
    document = pypdfium2.PdfDocument(pdf)
    return [document[number].render().to_pil().convert("L") for number in range(len(document))]


def darkest(page: Image, left: int, right: int) -> int:
    lowest, _ = page.crop((left, 0, right, page.height)).getextrema()
    assert isinstance(lowest, int)
    return lowest


@pytest.mark.parametrize("name", PRINTED)
async def test_no_word_runs_off_the_paper(name: str) -> None:
    long = said("w" * 2000, "字" * 3000, "https://a.example/" + "x" * 400)
    pages = rendered(await PRESS.print_pdf(sheet(name, long)))
    assert len(pages) > 1
    for page in pages:
        assert darkest(page, 0, MARGIN) >= WHITE
        assert darkest(page, page.width - MARGIN, page.width) >= WHITE
        assert darkest(page, MARGIN, page.width - MARGIN) < 100


@pytest.mark.parametrize("name", PRINTED)
async def test_pages_are_a4(name: str) -> None:
    for page in rendered(await PRESS.print_pdf(sheet(name))):
        assert (round(page.width), round(page.height)) in {(595, 842), (596, 842)}
