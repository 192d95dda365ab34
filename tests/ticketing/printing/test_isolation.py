"""The typesetter's process: what it may touch, and what is left of it."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.ticketing.printing.made import NOW, sheet
from tests.ticketing.printing.reading import fonts_of, text_of
from ticketing.printing import typesetter
from ticketing.printing.press import (
    CPU_SECONDS,
    MEMORY_BYTES,
    PaperTooHeavy,
    Press,
    TemplateWrong,
)

SCRIPT = Path(typesetter.__file__)
BOMB = "#let n = 0\n#for i in range(100000) { for j in range(100000) { n += 1 } }"
AFTER_THE_LOCK = f"""
import resource, socket, sys
sys.path.insert(0, {str(SCRIPT.parent)!r})
import typesetter
typesetter._compiler()
typesetter._limit(resource.RLIMIT_NOFILE, 0)
def tried(deed):
    try:
        deed()
    except OSError as error:
        return error.errno
    return None
said = [
    tried(lambda: open("/etc/hostname")),
    tried(lambda: socket.socket()),
    tried(lambda: open("/tmp/new", "w")),
]
try:
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    said.append(None)
except ValueError:
    said.append("refused")
sys.stdout.write(repr(said))
"""


def order(**more: Any) -> str:
    whole = {
        "source": '#set text(font: "Noto Serif SC")\n好',
        "data": {},
        "at": int(NOW.timestamp()),
        "memory_bytes": MEMORY_BYTES,
        "cpu_seconds": CPU_SECONDS,
    }
    return json.dumps({**whole, **more})


def set_alone(written: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-I", str(SCRIPT)],
        input=written.encode(),
        capture_output=True,
        check=False,
        env={},
        timeout=60,
    )


def children() -> list[str]:
    found = psutil.Process().children(recursive=True)
    return [str(each.pid) for each in found if str(SCRIPT) in " ".join(each.cmdline())]


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="limits are those of Linux")
def test_after_the_lock_nothing_can_be_opened_and_nothing_unlocked() -> None:
    done = subprocess.run(
        [sys.executable, "-I", "-c", AFTER_THE_LOCK], capture_output=True, check=True, text=True
    )
    many = 24
    files, sockets, written, unlocked = json.loads(
        done.stdout.replace("'", '"').replace("None", "null")
    )
    assert (files, sockets, written) == (many, many, many)
    assert unlocked in ("refused", None)


def test_it_needs_nothing_but_its_order() -> None:
    done = set_alone(order())
    assert (done.returncode, done.stderr) == (0, b"")
    assert text_of(done.stdout) == "好"


@pytest.mark.parametrize("family", ["DejaVu Sans", "Libertinus Serif", "Arial"])
def test_it_knows_only_the_fonts_of_the_house(family: str) -> None:
    done = set_alone(order(source=f'#set text(font: "{family}")\na 好'))
    assert done.returncode == 0
    assert {font.name.partition("+")[2][:4] for font in fonts_of(done.stdout)} == {"Noto"}


def test_a_wrong_template_is_explained_on_standard_output() -> None:
    done = set_alone(order(source="好\n#let x = \n"))
    assert done.returncode == typesetter.WRONG_TEMPLATE
    told = json.loads(done.stdout)
    assert set(told) == {"problem", "hint", "lines"}
    assert told["lines"][0] == 2


def test_too_little_memory_ends_it() -> None:
    done = set_alone(order(memory_bytes=64 * 1024 * 1024))
    assert done.returncode not in (0, typesetter.WRONG_TEMPLATE)


async def test_the_house_goes_on_while_a_bomb_burns() -> None:
    press = Press(timedelta(seconds=3), cpu_seconds=1)
    bomb = asyncio.create_task(press.print_pdf(sheet(source=BOMB)))
    longest, last = 0.0, time.monotonic()
    while not bomb.done():
        await asyncio.sleep(0.01)
        longest, last = max(longest, time.monotonic() - last), time.monotonic()
    assert longest < 0.9
    with pytest.raises((PaperTooHeavy, TemplateWrong)):
        await bomb


async def test_no_process_is_left_when_time_is_up() -> None:
    press = Press(timedelta(seconds=1), cpu_seconds=30)
    with pytest.raises(PaperTooHeavy):
        await press.print_pdf(sheet(source=BOMB))
    assert children() == []


async def test_no_process_is_left_when_nobody_waits_any_more() -> None:
    press = Press(timedelta(seconds=20), cpu_seconds=30)
    waiting = asyncio.create_task(press.print_pdf(sheet(source=BOMB)))
    await asyncio.sleep(0.5)
    assert len(children()) == 1
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert children() == []
