"""Tables of the web pages that carry our chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base


class Site(Base):
    """A web site that may embed the chat, and from where."""

    __tablename__ = "sites"

    key: Mapped[str] = mapped_column(primary_key=True)
    """Public: it stands in the page's source."""
    name: Mapped[str]
    origins: Mapped[list[Any]]
    """Where its pages come from: `scheme://host[:port]`, compared as a whole."""
    theme: Mapped[dict[str, Any]]
    salt: Mapped[str]
    """What its secret is derived with; the secret itself is kept nowhere."""
    is_active: Mapped[bool] = mapped_column(server_default=text("true"), default=True)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
