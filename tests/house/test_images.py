"""The images are made of files that exist, by nobody special, and of nothing private."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests.house.sources import name_of, project_files, text_of
from ticketing.run.model import INPUTS
from ticketing.run.plan import ROOT, bot_python

DOCKERFILES = (ROOT / "Dockerfile", ROOT / "bot" / "Dockerfile")
each_file = pytest.mark.parametrize("file", DOCKERFILES, ids=name_of)


def copied(file: Path) -> list[str]:
    """What the image takes from this folder."""
    lines = re.findall(r"^COPY (?!--from)(.+)$", text_of(file), re.MULTILINE)
    return [part for line in lines for part in line.split()[:-1]]


def final_stage(file: Path) -> str:
    """The part of a Dockerfile the image is left with."""
    return re.split(r"^FROM ", text_of(file), flags=re.MULTILINE)[-1]


@each_file
def test_every_file_an_image_copies_exists(file: Path) -> None:
    missing = [name for name in copied(file) if not (ROOT / name).exists()]
    assert missing == []


@each_file
def test_an_image_copies_its_folders_one_by_one(file: Path) -> None:
    assert {".", "./", "*"} & set(copied(file)) == set()


@each_file
def test_an_image_runs_as_nobody_special(file: Path) -> None:
    users = re.findall(r"^USER (\S+)$", final_stage(file), re.MULTILINE)
    assert users == ["yiwen"]
    assert "useradd --system --uid 10001" in final_stage(file)


@each_file
def test_an_image_installs_exactly_what_is_locked(file: Path) -> None:
    assert re.findall(r"uv sync --frozen --no-dev", text_of(file)) != []
    assert re.findall(r"pip install (?!--no-cache-dir uv==)", text_of(file)) == []


@each_file
def test_an_image_starts_a_program_by_default(file: Path) -> None:
    command = re.findall(r"^CMD (.+)$", final_stage(file), re.MULTILINE)
    assert json.loads(command[0])[:2] == ["python", "-m"]


def test_the_bots_image_has_everything_the_model_is_made_from() -> None:
    taken = copied(ROOT / "bot" / "Dockerfile")
    absent = [name for name in INPUTS if not any(name.startswith(part) for part in taken)]
    assert absent == []
    assert bot_python() == ROOT / "bot" / ".venv" / "bin" / "python"


def test_the_backends_image_has_every_room_its_processes_import() -> None:
    rooms = {"actions", "carriers", "channels", "sandbox", "ticketing"}
    assert rooms <= set(copied(ROOT / "Dockerfile"))
    assert "bot" not in copied(ROOT / "Dockerfile")


def test_no_data_no_secret_and_no_environment_is_sent_to_the_builder() -> None:
    ignored = text_of(ROOT / ".dockerignore").splitlines()
    wanted = {"var/", "**/.venv", "**/node_modules", "**/dist", ".git", ".env", "tests/"}
    assert wanted <= set(ignored)


def test_nothing_an_image_copies_is_kept_from_the_builder() -> None:
    ignored = [line.rstrip("/") for line in text_of(ROOT / ".dockerignore").splitlines()]
    for file in DOCKERFILES:
        assert {name.split("/")[0] for name in copied(file)} & set(ignored) == set()


def test_the_secrets_file_is_not_in_the_project() -> None:
    assert [path.name for path in project_files() if path.name == ".env"] == []
