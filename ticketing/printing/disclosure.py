"""What a paper may say of a person: everything is masked except what the paper is for."""

from __future__ import annotations

import re
from enum import StrEnum

from ticketing.kernel.masking import mask


class Personal(StrEnum):
    """What may be known of a person."""

    PHONE = "phone"
    ADDRESS = "address"
    ACCOUNT = "account"
    NAME = "name"


Needs = frozenset[Personal]

_TELLING = (
    (Personal.PHONE, re.compile(r"phone|mobile|contact")),
    (Personal.ADDRESS, re.compile(r"address")),
    (Personal.ACCOUNT, re.compile(r"account|card|iban|alipay|id_no")),
    (Personal.NAME, re.compile(r"^(?:receiver|sender|signed_by|payee)|_name$")),
)
# Bank cards and identity cards; waybill numbers are shorter.
_LONG_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{12,15}(\d{3}[0-9Xx])(?![0-9A-Za-z])")
_EMAIL = re.compile(r"([0-9A-Za-z])[0-9A-Za-z._%+-]{0,63}(@[0-9A-Za-z-]{1,63}\.)")
_AS_FAR_AS_DISTRICT = re.compile(r"^.{0,24}?[区县旗](?![域路街])|^.{0,16}?市|^.{0,8}?省")
_HIDDEN = "****"


def told(name: str, value: str, needs: Needs) -> str:
    """Return a detail as a paper that needs this may say it; `name` tells what it is."""
    kind = next((kind for kind, names in _TELLING if names.search(name)), None)
    if kind in needs:
        return value
    if kind is Personal.ADDRESS:
        return masked_address(value)
    if kind is Personal.ACCOUNT:
        return _HIDDEN + value.strip()[-4:]
    if kind is Personal.NAME:
        return value.strip()[:1] + "**"
    return masked_words(value)


def masked_words(text: str) -> str:
    """Return what somebody wrote without phone numbers, names and card numbers."""
    return mask(_EMAIL.sub(r"\1***\2", _LONG_NUMBER.sub(_HIDDEN + r"\1", text)))


def masked_address(address: str) -> str:
    """Return an address as far as its district."""
    district = _AS_FAR_AS_DISTRICT.match(address.strip())
    return (district[0] if district else address.strip()[:3]) + _HIDDEN
