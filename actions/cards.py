"""Cards and times as customers see them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions.backend_answers import Disclosure, Scan, ShipmentSeen

SHANGHAI = ZoneInfo("Asia/Shanghai")


def local_time(at: datetime) -> str:
    """For instance `11月22日 14:05`, in Shanghai."""
    local = at.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _scan(scan: Scan) -> dict[str, Any]:
    return {
        "at": scan.at.isoformat(),
        "place": scan.place,
        "text": scan.text,
        "status": scan.status,
    }


def parcel_card(shipment: ShipmentSeen, disclosure: Disclosure) -> dict[str, Any]:
    """The parcel card of the web chat, newest scan first."""
    return {
        "type": "parcel",
        "waybill_no": shipment.waybill_no,
        "carrier_name": shipment.carrier_name,
        "status": shipment.status,
        "status_label": shipment.status_label,
        "city": shipment.city,
        "eta": shipment.eta.isoformat() if shipment.eta else None,
        "disclosure": disclosure.value,
        "events": [_scan(scan) for scan in shipment.events],
    }
