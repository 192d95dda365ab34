"""Tables of shipments, their events and the phone digits on their labels."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from ticketing.kernel.db import Base


class Shipment(Base):
    """One parcel as last heard of."""

    __tablename__ = "shipments"

    waybill_no: Mapped[str] = mapped_column(primary_key=True)
    carrier_code: Mapped[str | None]
    status: Mapped[str | None]
    city: Mapped[str | None]
    eta: Mapped[datetime | None]
    provider: Mapped[str | None]
    checked_at: Mapped[datetime | None]
    vip: Mapped[bool] = mapped_column(server_default=text("false"), default=False)
    """Its customer is an important one; tickets opened from the chat take it over."""
    created_at: Mapped[datetime]


class ScanRow(Base):
    """One tracking event; the same scan pushed or asked twice is one row."""

    __tablename__ = "tracking_events"

    waybill_no: Mapped[str] = mapped_column(ForeignKey("shipments.waybill_no"), primary_key=True)
    happened_at: Mapped[datetime] = mapped_column(primary_key=True)
    text_digest: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[str]
    status: Mapped[str]
    text: Mapped[str]


class ShipmentContact(Base):
    """The last four digits of a phone on the label, as registered by the shipper's system."""

    __tablename__ = "shipment_contacts"

    waybill_no: Mapped[str] = mapped_column(ForeignKey("shipments.waybill_no"), primary_key=True)
    phone_tail: Mapped[str] = mapped_column(primary_key=True)
