"""What crosses the wire about shipments."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field

PhoneTail = Annotated[str, Field(pattern=r"^[0-9]{4}$")]


class ShipmentIn(BaseModel):
    """A parcel as the shipper's system knows it, with the phone digits on its label."""

    waybill_no: Annotated[str, Field(min_length=1, max_length=64)]
    carrier_code: Annotated[str, Field(max_length=20, pattern=r"^[A-Za-z0-9_]+$")] | None = None
    phone_tails: Annotated[list[PhoneTail], Field(max_length=10)] = []
    vip: bool | None = None
    """Whether its customer is an important one; left as it is when not said."""


class ShipmentsIn(BaseModel):
    """Up to 500 parcels at once."""

    shipments: Annotated[list[ShipmentIn], Field(min_length=1, max_length=500)]


class RegisteredOut(BaseModel):
    """How many parcels are known now."""

    registered: int


class VipIn(BaseModel):
    """Whether the customer of a parcel is an important one."""

    waybill_no: Annotated[str, Field(min_length=1, max_length=64)]
    vip: bool


class VipOut(BaseModel):
    """How a parcel is marked now."""

    waybill_no: str
    vip: bool
