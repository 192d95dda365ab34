"""How an address is shown to those who may know that there is one."""

from __future__ import annotations

from ticketing.kernel.masking import mask


def masked_mail(mail: str | None) -> str | None:
    """`wang@example.com` as `w***@example.com`."""
    if not mail:
        return None
    name, _, domain = mail.partition("@")
    return f"{name[:1]}***@{domain}"


def masked_mobile(mobile: str | None) -> str | None:
    """`13812345678` as `138****5678`; what is no number shows its last two characters at most."""
    if not mobile:
        return None
    shown = mask(mobile)
    return shown if "*" in shown else f"****{mobile[-2:]}"
