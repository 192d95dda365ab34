"""What a delivery says: its own words, a digest of several, or an event for a machine."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from ticketing.notifications import setup, wording
from ticketing.notifications.manners import Channel
from ticketing.notifications.models import Delivery
from ticketing.notifications.senders import Letter

DIGEST = "digest"


async def letter_for(
    session: AsyncSession, leading: Delivery, others: Sequence[Delivery]
) -> Letter:
    """Return the letter a delivery becomes, with what goes out in it."""
    if leading.channel == Channel.WEBHOOK:
        return _event(leading)
    name, values = leading.template, _texts(leading.variables)
    if others:
        name, values = DIGEST, _gathered([leading, *others])
    template = await setup.template(session, name, leading.channel)
    used = wording.blanks_of(template.title + template.text)
    return Letter(
        id=str(leading.id),
        title=wording.fill(template.title, values),
        text=wording.fill(template.text, values),
        values={blank: values.get(blank, "") for blank in used},
        vendor_codes=template.vendor_codes,
    )


def _gathered(deliveries: Sequence[Delivery]) -> dict[str, str]:
    rows = [_texts(delivery.variables) for delivery in deliveries]
    lines = [f"- {row.get('title', '')}（{row.get('ticket_no', '')}）" for row in rows]
    return {"count": str(len(rows)), "lines": "\n".join(lines)}


def _texts(variables: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in variables.items()}


def _event(delivery: Delivery) -> Letter:
    whole = {
        "type": delivery.event,
        "timestamp": delivery.created_at.isoformat(),
        "data": delivery.variables,
    }
    body = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    letter_id = f"msg_{delivery.id.hex}"
    return Letter(id=letter_id, title="", text=body, body=body.encode())
