"""Prints a sheet: in a process of its own, with little time, little memory and nothing to open."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import structlog

from ticketing.kernel.errors import HouseError
from ticketing.printing.typesetter import WRONG_TEMPLATE

TIME_LIMIT = timedelta(seconds=20)
CPU_SECONDS = 10
MEMORY_BYTES = 1536 * 1024 * 1024
PDF_LIMIT = 20 * 1024 * 1024
AT_ONCE, MAY_WAIT = 2, 4

_TYPESETTER = Path(__file__).with_name("typesetter.py")
_log = structlog.get_logger(__name__)


class TemplateWrong(HouseError):
    """A template cannot be set as it is."""

    status, code = 422, "template_wrong"

    def __init__(self, problem: str, hint: str, part: str, line: int | None) -> None:
        where = f"第 {line} 行" if line else "模板"
        super().__init__(
            f"{where}无法排版：{problem}", problem=problem, hint=hint, template=part, line=line
        )


class PaperTooHeavy(HouseError):
    """Setting the paper took more time, memory or pages than any paper needs."""

    status, code = 422, "paper_too_heavy"

    def __init__(self) -> None:
        super().__init__("模板太复杂，排版超出了时间、内存或页数限制，请简化后再试")


class PressBusy(HouseError):
    """Too many papers are being printed at this moment."""

    status, code = 503, "press_busy"

    def __init__(self) -> None:
        super().__init__("正在打印的单据较多，请稍后再试")


@dataclass(frozen=True)
class Sheet:
    """What is printed: the parts of its template, from the top, and what they are filled with."""

    parts: tuple[tuple[str, str], ...]
    """Name and source of each."""
    data: Mapping[str, Any]
    at: datetime
    blamed: str
    """The part that errors are looked for in first: the one that may be new."""

    @property
    def source(self) -> str:
        """The template whole."""
        return "\n".join(source for _, source in self.parts)


class Press:
    """Prints a few sheets at a time and lets a few more wait."""

    def __init__(self, time_limit: timedelta = TIME_LIMIT, cpu_seconds: int = CPU_SECONDS) -> None:
        self._seconds = time_limit.total_seconds()
        self._cpu_seconds = cpu_seconds
        self._free = asyncio.Semaphore(AT_ONCE)
        self._coming = 0

    async def print_pdf(self, sheet: Sheet) -> bytes:
        """Return a sheet as PDF; raise `TemplateWrong`, `PaperTooHeavy` or `PressBusy`."""
        if self._coming >= AT_ONCE + MAY_WAIT:
            raise PressBusy
        self._coming += 1
        try:
            async with self._free:
                return await self._print(sheet)
        finally:
            self._coming -= 1

    async def _print(self, sheet: Sheet) -> bytes:
        order = {
            "source": sheet.source,
            "data": sheet.data,
            "at": int(sheet.at.timestamp()),
            "memory_bytes": MEMORY_BYTES,
            "cpu_seconds": self._cpu_seconds,
        }
        # No environment: a template has nothing to learn from ours.
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",
            str(_TYPESETTER),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env={},
        )
        try:
            said = process.communicate(json.dumps(order).encode())
            out, _err = await asyncio.wait_for(said, self._seconds)
        except TimeoutError:
            raise PaperTooHeavy from None
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
        return _judged(sheet, process.returncode, out)


def _judged(sheet: Sheet, code: int | None, out: bytes) -> bytes:
    if code == WRONG_TEMPLATE:
        raise _wrong(sheet, json.loads(out))
    if code != 0 or len(out) > PDF_LIMIT:
        _log.warning("paper_not_set", exit_code=code, size=len(out))
        raise PaperTooHeavy
    return out


def _wrong(sheet: Sheet, told: dict[str, Any]) -> TemplateWrong:
    places = [_place(sheet, line) for line in told["lines"]]
    own = [place for place in places if place[0] == sheet.blamed]
    part, line = (own or places or [(sheet.blamed, None)])[0]
    return TemplateWrong(told["problem"][:300], told["hint"][:300], part, line)


def _place(sheet: Sheet, line: int) -> tuple[str, int | None]:
    for name, source in sheet.parts:
        length = source.count("\n") + 1
        if line <= length:
            return name, line
        line -= length
    return sheet.parts[-1][0], None
