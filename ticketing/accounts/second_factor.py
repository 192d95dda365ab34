"""The second factor: codes that change every half minute (RFC 6238), and codes for emergencies."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import pyotp
import segno
from pydantic import SecretStr
from sqlalchemy import delete, text
from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.accounts.keys import Box, NotOurs
from ticketing.accounts.models import RecoveryCode, SecondFactor
from ticketing.kernel.errors import HouseError
from ticketing.kernel.ids import digest

ISSUER = "驿问"
SECONDS = 30
RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_DRIFT = (0, -1, 1)
"""A clock may be half a minute off."""

# Of two who bring the same code at the same moment one comes in.
_USE = text("""
UPDATE second_factors SET last_step = :step WHERE username = :username AND last_step < :step
RETURNING username
""")
_USE_RECOVERY = text("""
UPDATE recovery_codes SET used_at = :now
WHERE username = :username AND code_hash = :hash AND used_at IS NULL RETURNING username
""")


class SecondFactorNeeded(HouseError):
    """Name and password are right; a code of the second factor is wanted too."""

    status, code = 401, "second_factor_needed"

    def __init__(self) -> None:
        super().__init__("请输入动态验证码")


class WrongCode(HouseError):
    """The code is wrong, too old, or was used already."""

    status, code = 401, "second_factor_wrong"

    def __init__(self) -> None:
        super().__init__("验证码不对或已用过，请用最新的验证码")


class CodeNotRight(HouseError):
    """Somebody who is signed in gave a code that is wrong, too old, or used."""

    status, code = 422, "code_not_right"

    def __init__(self) -> None:
        super().__init__("验证码不对或已用过，请用最新的验证码")


class SecondFactorKept(HouseError):
    """There is a second factor already; it is removed first."""

    status, code = 409, "second_factor_kept"

    def __init__(self) -> None:
        super().__init__("已经启用了动态验证码，先停用才能重新设置")


class NoSecondFactor(HouseError):
    """There is no second factor to confirm or remove."""

    status, code = 404, "no_second_factor"

    def __init__(self) -> None:
        super().__init__("没有设置动态验证码")


@dataclass(frozen=True)
class Prepared:
    """A second factor that is shown once and waits for its first code."""

    secret: str
    uri: str
    qr_svg: str
    recovery_codes: tuple[str, ...]


def box(secret_key: SecretStr) -> Box:
    """Return what secrets are encrypted with."""
    return Box(secret_key, "second factor")


async def has_one(session: AsyncSession, username: str) -> bool:
    """Tell whether a person has confirmed a second factor."""
    found = await session.get(SecondFactor, username)
    return found is not None and found.confirmed_at is not None


async def begin(session: AsyncSession, username: str, keys: Box, now: datetime) -> Prepared:
    """Prepare a second factor in place of one never confirmed. Raises `SecondFactorKept`."""
    found = await session.get(SecondFactor, username, with_for_update=True)
    if found is not None and found.confirmed_at is not None:
        raise SecondFactorKept
    secret = pyotp.random_base32()
    row = found or SecondFactor(username=username)
    row.secret, row.last_step, row.created_at = keys.close(secret), 0, now
    session.add(row)
    codes = tuple(_recovery_code() for _ in range(RECOVERY_CODES))
    await _keep(session, username, codes)
    uri = pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=ISSUER)
    drawn = segno.make(uri, error="m").svg_inline(scale=4, border=2, dark="#000", light="#fff")
    return Prepared(secret, uri, drawn, codes)


async def confirm(
    session: AsyncSession, username: str, code: str, keys: Box, now: datetime
) -> None:
    """Let a second factor count. Raises `NoSecondFactor`, `SecondFactorKept`, `CodeNotRight`."""
    found = await session.get(SecondFactor, username, with_for_update=True)
    if found is None:
        raise NoSecondFactor
    if found.confirmed_at is not None:
        raise SecondFactorKept
    if not await _is_timed_code(session, found, code, keys, now):
        raise CodeNotRight
    found.confirmed_at = now


async def remove(session: AsyncSession, username: str, code: str, keys: Box, now: datetime) -> None:
    """Remove a second factor by a code of it. Raises `NoSecondFactor`, `CodeNotRight`."""
    if not await has_one(session, username):
        raise NoSecondFactor
    if not await is_right(session, username, code, keys, now):
        raise CodeNotRight
    await forget(session, username)


async def forget(session: AsyncSession, username: str) -> None:
    """Remove a person's second factor, whether or not there is one."""
    for table in (RecoveryCode, SecondFactor):
        await session.execute(delete(table).where(table.username == username))


async def require(
    session: AsyncSession, username: str, code: str, keys: Box, now: datetime
) -> None:
    """Look at the code of somebody whose password is right.

    Raises `SecondFactorNeeded` where one is wanted and none was given, `WrongCode`.
    """
    if not await has_one(session, username):
        return
    if not code:
        raise SecondFactorNeeded
    if not await is_right(session, username, code, keys, now):
        raise WrongCode


async def is_right(
    session: AsyncSession, username: str, code: str, keys: Box, now: datetime
) -> bool:
    """Use a code up: one of the last minute, or a recovery code."""
    found = await session.get(SecondFactor, username)
    if found is None:
        return False
    if await _is_timed_code(session, found, code, keys, now):
        return True
    values = {"username": username, "hash": _hashed(username, code), "now": now}
    return (await session.execute(_USE_RECOVERY, values)).first() is not None


async def _is_timed_code(
    session: AsyncSession, factor: SecondFactor, code: str, keys: Box, now: datetime
) -> bool:
    try:
        codes = pyotp.TOTP(keys.open(factor.secret))
    except NotOurs:
        return False
    current = int(now.timestamp()) // SECONDS
    steps = [current + drift for drift in _DRIFT]
    given = code.strip().encode()
    fitting = [s for s in steps if hmac.compare_digest(codes.generate_otp(s).encode(), given)]
    await session.flush()
    for step in fitting:
        values = {"step": step, "username": factor.username}
        if (await session.execute(_USE, values)).first() is not None:
            return True
    return False


async def _keep(session: AsyncSession, username: str, codes: Sequence[str]) -> None:
    await session.execute(delete(RecoveryCode).where(RecoveryCode.username == username))
    await session.flush()
    for code in codes:
        session.add(RecoveryCode(username=username, code_hash=_hashed(username, code)))


def _recovery_code() -> str:
    letters = "".join(secrets.choice(_LETTERS) for _ in range(12))
    return "-".join(letters[at : at + 4] for at in (0, 4, 8))


def _hashed(username: str, code: str) -> str:
    # 59 random bits: nothing a slow hash would add.
    return digest(f"{username}\n{code.strip().lower().replace('-', '')}")
