"""Who a person of the identity provider is to us: known by their subject, else by their name.

Names change hands at a provider, and some let people choose theirs. An account that opens much,
or that has a second factor here, is therefore joined by its name only while its owner is signed
in here as well.
"""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts import repository, second_factor, service
from ticketing.accounts.models import Person
from ticketing.accounts.oidc import OidcRefused, Stranger
from ticketing.accounts.schemas import USERNAME
from ticketing.accounts.service import Newcomer
from ticketing.accounts.tokens import Caller, Role
from ticketing.kernel.ids import new_token

_USERNAME = re.compile(USERNAME)


async def recognise(
    session: AsyncSession,
    stranger: Stranger,
    now: datetime,
    *,
    has_roles: bool,
    signed_in_as: str = "",
) -> Caller:
    """Return who comes from the provider; whoever is new and has a role there is added.

    Where the provider says who is what (`has_roles`), its word counts at every sign-in, and who
    has none of our roles there stays outside. Raises `OidcRefused`.
    """
    if has_roles and stranger.role is None:
        raise OidcRefused("no_role")
    person = await repository.by_subject(session, stranger.subject)
    if person is None:
        person = await _by_name(session, stranger, now, signed_in_as)
    if not person.is_active:
        raise OidcRefused("inactive")
    if stranger.role is not None and person.role != stranger.role:
        person.role = str(stranger.role)
    service.look_anew(session)
    return Caller(person.username, Role(person.role))


async def _by_name(
    session: AsyncSession, stranger: Stranger, now: datetime, signed_in_as: str
) -> Person:
    if not _USERNAME.fullmatch(stranger.username):
        raise OidcRefused("username")
    person = await repository.person(session, stranger.username)
    if person is not None and await _is_guarded(session, person, signed_in_as):
        raise OidcRefused("password_first")
    if person is None and stranger.role is None:
        raise OidcRefused("unknown")
    if person is None and stranger.role is not None:
        shown = stranger.display_name or stranger.username
        newcomer = Newcomer(stranger.username, shown, stranger.role, new_token())
        person = await service.add_person(session, newcomer, now, by_admin=True)
    if person is None or person.oidc_subject is not None:
        raise OidcRefused("name_of_another")
    person.oidc_subject = stranger.subject
    return person


async def _is_guarded(session: AsyncSession, person: Person, signed_in_as: str) -> bool:
    if person.username == signed_in_as:
        return False
    opens_much = Role(person.role) in (Role.MANAGER, Role.ADMIN)
    return opens_much or await second_factor.has_one(session, person.username)
