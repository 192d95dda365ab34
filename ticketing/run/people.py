"""Add somebody who may sign in, or give them a new password.

`python -m ticketing.run.people agent anna` (or `lead`, `trainer`, `manager`, `admin`, `system`);
the password is read from standard input, so that it stands in no shell history.
"""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys

from ticketing.accounts import service as accounts
from ticketing.accounts.tokens import Role
from ticketing.kernel import clock
from ticketing.kernel.db import Database
from ticketing.kernel.settings import Settings

SHORTEST_PASSWORD = 8
ROLES = ("agent", "lead", "trainer", "manager", "admin", "system")


class PasswordTooShort(ValueError):
    """The password is shorter than anybody should use."""


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m ticketing.run.people")
    parser.add_argument("role", choices=ROLES)
    parser.add_argument("name")
    asked = parser.parse_args(arguments)
    prompt = sys.stdin.isatty()
    password = getpass.getpass("密码：") if prompt else sys.stdin.readline().rstrip("\n")
    try:
        asyncio.run(add(Settings(), Role(asked.role), asked.name, password))
    except PasswordTooShort as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


async def add(settings: Settings, role: Role, name: str, password: str) -> None:
    """Add a person or a system; raise `PasswordTooShort`."""
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(f"密码至少 {SHORTEST_PASSWORD} 个字符")
    db = Database(settings.sqlalchemy_url, {}, pool_size=1)
    async with db.transaction() as session:
        if role is Role.SYSTEM:
            await accounts.put_system(session, name, password, clock.now())
        else:
            await accounts.put_person(session, name, password, role, clock.now())
    await db.close()


if __name__ == "__main__":
    sys.exit(main())
