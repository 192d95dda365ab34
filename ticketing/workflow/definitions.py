"""Which processes there are, and which of them a ticket of some kind follows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Self

import yaml

from ticketing.kernel.errors import HouseError
from ticketing.workflow.loading import load_process
from ticketing.workflow.process import Process

SHIPPED = Path(__file__).parent / "processes"
KINDS_FILE = "kinds.yml"
RETIRED = "retired"


class ProcessUnknown(HouseError):
    """No process of that id, or not in that version."""

    status, code = 404, "process_unknown"

    def __init__(self, process: str, version: str | None = None) -> None:
        super().__init__(f"没有流程 {process}", process=process, version=version)


class KindTableInvalid(HouseError):
    """The table from ticket kinds to processes has no default, or names a missing process."""

    status, code = 500, "kind_table_invalid"

    def __init__(self, missing: list[str]) -> None:
        super().__init__("工单类型与流程的对照表有误", missing=missing)


class Library:
    """Processes in force, older versions still needed by running tickets, and the kind table."""

    def __init__(
        self,
        processes: Iterable[Process],
        kinds: Mapping[str, str],
        default: str,
        retired: Iterable[Process] = (),
    ) -> None:
        """Raise KindTableInvalid when `kinds` or `default` name a process that is not there."""
        self._current = {process.id: process for process in processes}
        everything = [*retired, *self._current.values()]
        self._versions = {(process.id, process.version): process for process in everything}
        self._kinds = dict(kinds)
        self._default = default
        if missing := sorted({*self._kinds.values(), default} - self._current.keys()):
            raise KindTableInvalid(missing)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read `*.bpmn` (in force), `retired/*.bpmn` and `kinds.yml` of a folder.

        Raises ProcessInvalid for the first bad file, KindTableInvalid for a bad table.
        """
        table: dict[str, Any] = yaml.safe_load((folder / KINDS_FILE).read_text("utf-8"))
        kinds, default = table.get("kinds") or {}, table.get("default") or "?"
        return cls(_in(folder), kinds, default, retired=_in(folder / RETIRED))

    @property
    def processes(self) -> tuple[Process, ...]:
        """The processes in force, by id."""
        return tuple(self._current[key] for key in sorted(self._current))

    @property
    def kinds(self) -> Mapping[str, str]:
        """Ticket kind → process id, as in the table."""
        return dict(self._kinds)

    def for_kind(self, kind: str) -> Process:
        """The process a new ticket of that kind follows; the default for kinds not listed."""
        return self._current[self._kinds.get(kind, self._default)]

    def version(self, process_id: str, version: str) -> Process:
        """The very version a running ticket was started with; ProcessUnknown if it is gone."""
        found = self.find(process_id, version)
        if found is None:
            raise ProcessUnknown(process_id, version)
        return found

    def find(self, process_id: str, version: str) -> Process | None:
        """That version of a process, or None."""
        return self._versions.get((process_id, version))


@cache
def shipped() -> Library:
    """The processes that come with the product, loaded once."""
    return Library.load(SHIPPED)


def _in(folder: Path) -> list[Process]:
    return [load_process(file.read_bytes()) for file in sorted(folder.glob("*.bpmn"))]
