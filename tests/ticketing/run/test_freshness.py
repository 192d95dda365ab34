"""Building only what has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from ticketing.run.freshness import fingerprint, is_fresh


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "a.yml").write_text("one")
    (tmp_path / "config.yml").write_text("two")
    return tmp_path


def test_the_same_inputs_have_the_same_fingerprint(folder: Path) -> None:
    inputs = ("data", "config.yml")
    assert fingerprint(folder, inputs) == fingerprint(folder, reversed(inputs))


@pytest.mark.parametrize("change", ["edit", "add", "rename"])
def test_any_change_of_an_input_shows(folder: Path, change: str) -> None:
    before = fingerprint(folder, ["data"])
    file = folder / "data" / "a.yml"
    if change == "edit":
        file.write_text("three")
    if change == "add":
        (folder / "data" / "b.yml").write_text("")
    if change == "rename":
        file.rename(folder / "data" / "c.yml")
    assert fingerprint(folder, ["data"]) != before


def test_what_is_built_or_installed_does_not_count(folder: Path) -> None:
    before = fingerprint(folder, ["data"])
    for name in ("__pycache__", "node_modules", "dist"):
        (folder / "data" / name).mkdir()
        (folder / "data" / name / "x").write_text("x")
    assert fingerprint(folder, ["data"]) == before


def test_a_product_is_fresh_only_with_its_stamp(folder: Path) -> None:
    product, stamp = folder / "product", folder / "stamp"
    assert not is_fresh(product, stamp, "f")
    product.touch()
    assert not is_fresh(product, stamp, "f")
    stamp.write_text("f")
    assert is_fresh(product, stamp, "f")
    assert not is_fresh(product, stamp, "g")
