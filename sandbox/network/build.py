"""Builds the whole network from a seed."""

from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from sandbox.network.cases import Case, all_cases
from sandbox.network.geography import City, all_cities, transfer_city
from sandbox.network.parcels import Courier, Parcel, Scan
from sandbox.network.scans import all_kinds
from sandbox.network.timing import Stop, Timetable, timetable
from sandbox.network.writing import (
    Style,
    all_styles,
    draw_courier,
    draw_point,
    draw_proxy,
    port_cities,
    port_name,
)

LOCAL = ZoneInfo("Asia/Shanghai")


def build_network(seed: int, start: datetime) -> dict[str, Parcel]:
    """Every parcel by waybill number; the same seed and start give the same parcels.

    With another start the numbers, phones and routes stay the same and the times move along.
    """
    parcels: dict[str, Parcel] = {}
    for case_no, case in enumerate(all_cases()):
        carriers = case.carriers or tuple(all_styles())
        for index in range(case.count):
            code = carriers[(case_no * 3 + index) % len(carriers)]
            rng = Random(f"{seed}/{case_no}/{index}")
            number = _unused_number(all_styles()[code], parcels, rng)
            parcels[number] = _build_parcel(number, code, case, start, rng)
    return parcels


def _unused_number(style: Style, used: dict[str, Parcel], rng: Random) -> str:
    number = style.draw_number(rng)
    while number in used:
        number = style.draw_number(rng)
    return number


def _build_parcel(number: str, code: str, case: Case, start: datetime, rng: Random) -> Parcel:
    style = all_styles()[code]
    sender_tail, receiver_tail = (f"{tail:04d}" for tail in rng.sample(range(10_000), 2))
    origin, destination = _draw_route(rng)
    places = _places(style, origin, destination, rng)
    stops = _stops(case, places)
    name, phone = draw_courier(rng)
    courier = Courier(name, phone, places["destination_branch"].place)
    local = start.astimezone(LOCAL)
    start_of_day = local.hour + local.minute / 60 + local.second / 3600
    times = timetable(case, stops, start_of_day, Random(rng.random()))
    texts = _texts(style, stops, courier, rng)
    ordered_hours = times.hours[0] if case.seen else times.start - rng.uniform(*case.rested)
    return Parcel(
        waybill_no=number,
        carrier_code=code,
        sender_phone_tail=sender_tail,
        receiver_phone_tail=receiver_tail,
        origin=origin,
        destination=destination,
        ordered_at=_moment(ordered_hours, times, start),
        courier=courier,
        plan=tuple(
            Scan(_moment(hour, times, start), stop.kind, stop.city, stop.place, text)
            for hour, stop, text in zip(times.hours, stops, texts, strict=True)
        ),
    )


def _moment(hour: float, times: Timetable, start: datetime) -> datetime:
    return start + timedelta(seconds=int((hour - times.start) * 3600))


def _draw_route(rng: Random) -> tuple[City, City]:
    origin = rng.choice(all_cities())
    others = [city for city in all_cities() if city.province != origin.province]
    return origin, rng.choice(others)


def _places(style: Style, origin: City, destination: City, rng: Random) -> dict[str, Stop]:
    via = transfer_city(origin, destination)
    route = (origin, via, destination)
    wrong = rng.choice([city for city in all_cities() if city.is_major and city not in route])
    port = rng.choice([city for city in all_cities() if city.name in port_cities()])
    here, there = rng.choice(origin.districts), rng.choice(destination.districts)
    unscanned = all_kinds()["no_pickup"]
    places = {
        "origin_branch": (origin, here, style.branch_name(origin, here)),
        "origin_hub": (origin, "", style.hub_name(origin)),
        "via_hub": (via, "", style.hub_name(via)),
        "wrong_hub": (wrong, "", style.hub_name(wrong)),
        "port": (port, "", port_name(port.name)),
        "destination_hub": (destination, "", style.hub_name(destination)),
        "destination_branch": (destination, there, style.branch_name(destination, there)),
    }
    return {where: Stop(unscanned, *place) for where, place in places.items()}


def _stops(case: Case, places: dict[str, Stop]) -> tuple[Stop, ...]:
    stops: list[Stop] = []
    place = places["origin_branch"]
    for leg in case.path:
        kind = all_kinds()[leg.kind]
        where = leg.where or kind.where
        place = place if where == "same" else places[where]
        stops.append(Stop(kind, place.city, place.district, place.place))
    return tuple(stops)


def _texts(style: Style, stops: tuple[Stop, ...], courier: Courier, rng: Random) -> list[str]:
    collector = draw_courier(rng)
    proxy = draw_proxy(rng)
    district = stops[-1].district if stops else ""
    locker = {kind: draw_point(kind, district, rng) for kind in ("in_locker", "at_station")}
    point = locker["at_station" if any(s.kind.name == "at_station" for s in stops) else "in_locker"]
    texts: list[str] = []
    for index, stop in enumerate(stops):
        collecting = stop.kind.name in {"ordered", "awaiting_pickup", "picked_up"}
        name, phone = collector if collecting else (courier.name, courier.phone)
        facts = {
            "city": stop.city.name,
            "here": stop.place,
            "next": _next_place(stops, index),
            "courier": name,
            "phone": phone,
            "point": point,
            "signer": proxy,
        }
        texts.append(style.word_scan(stop.kind.name, facts, rng))
    return texts


def _next_place(stops: tuple[Stop, ...], index: int) -> str:
    ahead = (stop.place for stop in stops[index + 1 :] if stop.place != stops[index].place)
    return next(ahead, stops[-1].place)
