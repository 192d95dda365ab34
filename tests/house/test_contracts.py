"""The rooms keep to their contracts."""

from __future__ import annotations

import subprocess
import sys
from configparser import ConfigParser

from tests.house.sources import ROOMS
from ticketing.run.plan import ROOT


def test_every_import_keeps_the_contracts() -> None:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", program, "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_the_contracts_speak_of_every_room_there_is() -> None:
    contracts = ConfigParser()
    contracts.read(ROOT / ".importlinter", "utf-8")
    named = set(contracts["importlinter"]["root_packages"].split())
    assert named == {room for room in ROOMS if (ROOT / room / "__init__.py").exists()}
