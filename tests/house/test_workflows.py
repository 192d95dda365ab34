"""The handbook shows the processes that run: `make pictures` was not forgotten."""

from __future__ import annotations

from pathlib import Path

import pytest

from ticketing.run.plan import ROOT
from ticketing.workflow.definitions import shipped
from ticketing.workflow.gallery import PICTURES, files
from ticketing.workflow.picture import version_in
from ticketing.workflow.process import Process

DOCS = ROOT / "docs"


@pytest.mark.parametrize("process", shipped().processes, ids=lambda each: each.id)
def test_no_picture_is_older_than_its_process(process: Process) -> None:
    picture = DOCS / PICTURES / f"{process.id}.svg"

    assert picture.exists(), "make pictures"
    assert version_in(picture.read_text("utf-8")) == process.version, "make pictures"


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_the_gallery_is_what_the_processes_say(path: Path) -> None:
    assert (DOCS / path).read_text("utf-8") == files()[path], "make pictures"


def test_there_is_no_picture_of_a_process_that_is_gone() -> None:
    drawn = {path.stem for path in (DOCS / PICTURES).iterdir()}

    assert drawn == {process.id for process in shipped().processes}
