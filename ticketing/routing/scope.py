"""How far somebody sees: the queues their teams serve, and the provinces they serve them for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.permissions import Permission, holds
from ticketing.accounts.tokens import Caller, Role
from ticketing.kernel.cache import forget, remembered
from ticketing.routing import repository
from ticketing.routing.service import current_layout
from ticketing.tickets.wanted import Sight

_MEMBERS = "routing.memberships"

Regions = frozenset[str] | None
"""Provinces; None is every one."""


@dataclass(frozen=True)
class Scope:
    """What somebody sees: None is everything.

    `reach` says it exactly: each queue with the provinces it is seen for. `queues` and `regions`
    are its outline.
    """

    queues: frozenset[str] | None
    regions: Regions
    reach: Mapping[str, Regions] = field(default_factory=dict)

    def sees(self, queue: str | None, region: str | None) -> bool:
        """Tell whether what lies in a queue, about a province, is seen; unknown ones are."""
        if self.queues is None:
            return True
        if queue not in self.queues:
            return False
        regions = self.reach.get(queue, self.regions)
        return regions is None or region is None or region in regions


EVERYTHING = Scope(None, None)
NOTHING = Scope(frozenset(), frozenset())


class Place(Protocol):
    """Where a step of a ticket is, or was."""

    step: str | None
    queue: str | None
    assignee: str | None
    done_by: str | None
    is_open: bool
    region: str | None


async def scope_of(session: AsyncSession, caller: Caller) -> Scope:
    """Return how far somebody sees, two seconds old at most."""
    if holds(caller, Permission.MANAGE) or caller.role is Role.SYSTEM:
        return EVERYTHING
    if not holds(caller, Permission.TICKETS):
        return NOTHING
    members = (await remembered(session, _MEMBERS, _memberships)).get(caller.name, {})
    layout = await current_layout(session)
    return _scope(members, layout.served())


def scope_changed(session: AsyncSession) -> None:
    """Look up anew next time who is in which team."""
    forget(session, _MEMBERS)


async def _memberships(session: AsyncSession) -> Mapping[str, Mapping[str, Regions]]:
    """Return for everybody the teams they are in, and for which provinces."""
    by_person: dict[str, dict[str, Regions]] = defaultdict(dict)
    for member in await repository.members(session):
        if member.active:
            of_team = frozenset(map(str, member.regions)) or None
            by_person[member.username][member.team] = of_team
    return by_person


def _scope(regions: Mapping[str, Regions], served: Iterable[tuple[str, str]]) -> Scope:
    reach: dict[str, Regions] = {}
    for queue, team in served:
        if team not in regions:
            continue
        reach[queue] = _wider(reach[queue], regions[team]) if queue in reach else regions[team]
    outline: Regions = frozenset()
    for each in reach.values():
        outline = _wider(outline, each)
    return Scope(frozenset(reach), outline, reach)


def _wider(one: Regions, other: Regions) -> Regions:
    return None if one is None or other is None else one | other


async def sight_of(session: AsyncSession, caller: Caller) -> Sight | None:
    """Return how far somebody sees in lists of tickets; nothing where they see all of them."""
    scope = await scope_of(session, caller)
    if scope.queues is None:
        return None
    grouped: dict[Regions, list[str]] = defaultdict(list)
    for queue, regions in sorted(scope.reach.items()):
        grouped[regions].append(queue)
    limited = tuple(
        (tuple(queues), tuple(sorted(regions)))
        for regions, queues in grouped.items()
        if regions is not None
    )
    return Sight(caller.name, tuple(grouped.get(None, ())), limited)


def sees_ticket(scope: Scope, who: str, places: Iterable[Place]) -> bool:
    """Tell whether somebody sees a ticket: a step of it is, or was, in their reach or theirs."""
    found = list(places)
    never_routed = all(place.queue is None for place in found)
    return never_routed or any(
        scope.sees(place.queue, place.region) or who in (place.assignee, place.done_by)
        for place in found
    )


async def sees_number(session: AsyncSession, scope: Scope, who: str, ticket_no: str) -> bool:
    """Tell whether somebody sees the ticket of a number; there may be none."""
    places = await repository.places(session, ticket_no)
    return bool(places) and sees_ticket(scope, who, places)


def may_act_on(scope: Scope, who: str, places: Iterable[Place], step: str) -> bool:
    """Tell whether somebody may work on an open step; what is in no queue is for all who see it."""
    return all(
        place.queue is None or place.assignee == who or scope.sees(place.queue, place.region)
        for place in places
        if place.is_open and place.step == step
    )
