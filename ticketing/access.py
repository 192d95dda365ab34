"""Write down who may use which door: `python -m ticketing.access docs/permissions.md`."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from ticketing import composition, health
from ticketing.accounts.permissions import EVENTS, GRANTS, Permission, holders, signed_in
from ticketing.accounts.tokens import Role

ANYBODY = frozenset(Role)
_KNOWN = ANYBODY - {Role.CUSTOMER}

OTHERWISE: Mapping[tuple[str, str], tuple[str, frozenset[Role]]] = {
    ("GET", "/healthz"): ("open", ANYBODY),
    ("GET", "/readyz"): ("open", ANYBODY),
    ("GET", "/webhooks/rest/"): ("open", ANYBODY),
    ("POST", "/api/oauth/token"): ("open", ANYBODY),
    ("GET", "/api/session/ways"): ("open", ANYBODY),
    ("POST", "/api/session"): ("open", ANYBODY),
    ("GET", "/api/session/oidc"): ("open", ANYBODY),
    ("GET", "/api/session/oidc/callback"): ("open", ANYBODY),
    ("POST", "/api/chat/files"): ("chat", holders(Permission.CHAT)),
    ("GET", "/api/chat/files/{file_id}/content"): ("chat", holders(Permission.CHAT)),
    ("GET", "/api/chat/files/{file_id}/link"): ("chat", holders(Permission.CHAT)),
    ("GET", "/api/sites/{key}/public"): ("open", ANYBODY),
    ("POST", "/api/receipts/aliyun/{token}"): ("secret address", frozenset()),
    ("POST", "/api/receipts/tencent/{token}"): ("secret address", frozenset()),
}
"""Doors that ask for something else than a sign-in: for nothing, or for a secret of their own."""

_HEAD = """\
# 权限：谁能用哪个接口 · Who may use what

Made by `python -m ticketing.access docs/permissions.md` from the code; a test walks through every
row with every role and compares. What a role may is one table: `ticketing/accounts/permissions.py`.

- **Nobody signed in** may use the doors marked `open` alone.
- `own` is one's own account. `signed in` asks for nothing else. `chat` is the secret of a
  customer's own chat. `secret address`: an address only the vendor of messages knows.
- Agents and leads see and work on tickets within the queues and provinces of their teams only
  (403 `out_of_scope`); managers, admins and systems see all of them.
- Only an admin adds and changes admins (403 `admins_only`). A role named in `SECOND_FACTOR_ROLES`
  without a second factor may use `own` alone (403 `second_factor_missing`).
- With the console's cookie instead of a bearer token nothing is changed without the header
  `X-Yiwen: console`.
"""


class DoorUnknown(ValueError):
    """A route says nowhere who may use it."""


@dataclass(frozen=True)
class Door:
    """A route or an event, what it asks for, and whom that lets in."""

    method: str
    path: str
    asks_for: str
    lets_in: frozenset[Role]


def doors() -> tuple[Door, ...]:
    """Return every route of the API; raise `DoorUnknown`."""
    routes = [route for room in (health.router, *composition.ROUTERS) for route in room.routes]
    found = (_door(route) for route in routes if isinstance(route, APIRoute))
    return tuple(sorted(found, key=lambda door: (door.path, door.method)))


def _door(route: APIRoute) -> Door:
    method = min(route.methods or ())
    asked = {permission for call in _calls(route.dependant) for permission in _permissions(call)}
    if asked:
        roles = frozenset(role for role, granted in GRANTS.items() if asked <= granted)
        return Door(method, route.path, ", ".join(sorted(asked)), roles)
    if signed_in in _calls(route.dependant):
        return Door(method, route.path, "signed in", _KNOWN)
    if (method, route.path) not in OTHERWISE:
        raise DoorUnknown(f"{method} {route.path}")
    return Door(method, route.path, *OTHERWISE[method, route.path])


def _calls(dependant: Dependant) -> list[object]:
    nested = [call for each in dependant.dependencies for call in _calls(each)]
    return [dependant.call, *nested]


def _permissions(call: object) -> Iterator[Permission]:
    marked = getattr(call, "permission", None)
    if isinstance(marked, Permission):
        yield marked


def written() -> str:
    """Return the page."""
    events = [
        Door(namespace, event, str(asked), holders(asked))
        for namespace, asked_for in EVENTS.items()
        for event, asked in asked_for.items()
    ]
    granted = [Door("", str(each), "", holders(each)) for each in Permission]
    parts = (
        _HEAD,
        "## Roles\n\n" + _table(("permission",), ([f"`{d.path}`"] for d in granted), granted),
        "## Routes\n\n" + _table(("method", "path", "asks for"), _cells(doors()), doors()),
        "## Socket events\n\n" + _table(("namespace", "event", "asks for"), _cells(events), events),
    )
    return "\n".join(parts)


def _cells(rows: Iterable[Door]) -> Iterator[list[str]]:
    for door in rows:
        yield [door.method, f"`{door.path}`", door.asks_for]


def _table(names: tuple[str, ...], cells: Iterable[list[str]], rows: Iterable[Door]) -> str:
    head = [*names, *map(str, Role)]
    lines = [head, ["---"] * len(head)]
    for said, door in zip(cells, rows, strict=True):
        lines.append([*said, *("✓" if role in door.lets_in else "" for role in Role)])
    return "".join(f"| {' | '.join(line)} |\n".replace("  ", " ") for line in lines)


def main(arguments: list[str]) -> None:
    """Write the page to a file."""
    Path(arguments[0]).write_text(written(), "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
