"""The papers there are, and what each of them may say."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ticketing.kernel.errors import HouseError
from ticketing.printing.disclosure import Needs, Personal

TEMPLATES = Path(__file__).with_name("templates")
SHIPPED = 0
"""The version of the template that comes with the house."""


@dataclass(frozen=True)
class Paper:
    """A paper that can be printed about a ticket; `mark` ends its number."""

    name: str
    label: str
    mark: str
    needs: Needs = frozenset()
    is_printed: bool = True
    """The letterhead is a template and no paper: it stands above the others."""

    @property
    def shipped_source(self) -> str:
        """The template that comes with the house."""
        return _read(self.name)


LETTERHEAD = Paper("letterhead", "信头（公司名称、部门、电话、地址）", "XT", is_printed=False)
TICKET_DETAIL = Paper("ticket_detail", "工单详情", "GD", frozenset({Personal.ADDRESS}))
PAPERS = (
    Paper("complaint_resolution", "投诉解决方案确认函", "QR"),
    Paper(
        "claim_application",
        "理赔申请单",
        "LP",
        frozenset({Personal.PHONE, Personal.ACCOUNT}),
    ),
    TICKET_DETAIL,
    LETTERHEAD,
)


class UnknownPaper(HouseError):
    """No paper has this name."""

    status, code = 404, "unknown_paper"

    def __init__(self, name: str) -> None:
        super().__init__("没有这种单据", name=name, papers=[paper.name for paper in PAPERS])


def paper(name: str) -> Paper:
    """Return the paper or letterhead of this name; raise `UnknownPaper`."""
    found = next((paper for paper in PAPERS if paper.name == name), None)
    if found is None:
        raise UnknownPaper(name)
    return found


def printed_paper(name: str) -> Paper:
    """Return a paper that is printed by itself; raise `UnknownPaper`."""
    found = paper(name)
    if not found.is_printed:
        raise UnknownPaper(name)
    return found


def stationery() -> str:
    """Return what every template is set with: page, tables, signatures."""
    return _read("stationery")


@cache
def _read(name: str) -> str:
    return (TEMPLATES / f"{name}.typ").read_text("utf-8")
