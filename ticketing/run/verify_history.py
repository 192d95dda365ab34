"""Verify that nobody has tampered with the histories of tickets, or with what they seal.

`python -m ticketing.run.verify_history [--ticket T20261122000001 …]`: reads every history, or
those named, and the packs of evidence frozen with them, documents and files included. Exits with
1 after naming each that is not what was written. To be run where the files lie (DATA_DIR).
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Sequence

from ticketing.evidence import checking
from ticketing.evidence.checking import PackReport
from ticketing.files.service import folder_of
from ticketing.kernel.db import Database
from ticketing.kernel.settings import Settings
from ticketing.tickets import chain
from ticketing.tickets.chain import ChainReport


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ticketing.run.verify_history")
    parser.add_argument("--ticket", nargs="+", default=[], metavar="T…", help="only these")
    asked = parser.parse_args(arguments)
    wanted = [ticket_no.upper() for ticket_no in asked.ticket]
    verified, broken = asyncio.run(verify(Settings(), wanted))
    packs = asyncio.run(verify_packs(Settings(), wanted))
    wrong = [pack for pack in packs if pack.problems]
    for report in broken:
        sys.stdout.write(f"{_sentence(report)}\n")
    for pack in wrong:
        told = "；".join(pack.problems)
        sys.stdout.write(f"{pack.ticket_no}: 第 {pack.revision} 版证据包，{told}\n")
    missing = len(set(wanted)) - verified if wanted else 0
    if missing:
        sys.stdout.write(f"有 {missing} 个工单号不存在\n")
    sys.stdout.write(f"共核验 {verified} 个工单的处理记录，{len(broken)} 个被改动过\n")
    if packs:
        sys.stdout.write(f"共核验 {len(packs)} 个证据包，{len(wrong)} 个与封存时不符\n")
    return 1 if broken or missing or wrong else 0


async def verify(settings: Settings, ticket_nos: Sequence[str]) -> tuple[int, list[ChainReport]]:
    """Return how many histories were read, and what is said of those that are broken."""
    db = Database(settings.sqlalchemy_url, {}, pool_size=1)
    count, broken = 0, []
    async with db.transaction() as session:
        # One moment for all of it: a line added meanwhile is not one too many.
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        async for report in chain.verify_all(session, ticket_nos):
            count += 1
            if not report.ok:
                broken.append(report)
    await db.close()
    return count, broken


async def verify_packs(settings: Settings, ticket_nos: Sequence[str]) -> list[PackReport]:
    """Return what is said of each frozen pack of evidence."""
    db = Database(settings.sqlalchemy_url, {}, pool_size=1)
    async with db.transaction() as session:
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        checked = checking.check_all(session, folder_of(settings), ticket_nos)
        packs = [pack async for pack in checked]
    await db.close()
    return packs


def _sentence(report: ChainReport) -> str:
    if report.broken_at is not None and report.broken_at > report.lines:
        return f"{report.ticket_no}: 共 {report.lines} 条记录，末尾有记录被删除"
    return f"{report.ticket_no}: 第 {report.broken_at} 条记录（共 {report.lines} 条）与封存时不符"


if __name__ == "__main__":
    sys.exit(main())
