"""Cities of the simulated network and the way between them."""

from dataclasses import dataclass
from functools import cache
from math import cos, hypot, radians

from sandbox.network.tables import read_table

KM_PER_DEGREE = 111.0
ROAD_DETOUR = 1.2
LORRY_KM_PER_HOUR = 65.0


@dataclass(frozen=True)
class City:
    """A city with one sorting hub and several delivery districts."""

    name: str
    province: str
    area_code: str
    latitude: float
    longitude: float
    is_major: bool
    hub: str
    districts: tuple[str, ...]

    @property
    def town(self) -> str:
        """The name without 市, as carriers write it in the names of their branches."""
        return self.name.removesuffix("市")

    @property
    def province_prefix(self) -> str:
        """The province in front of the town; empty for municipalities."""
        return "" if self.town == self.province else self.province


@cache
def all_cities() -> tuple[City, ...]:
    """Every city of the network, in the order of the table."""
    return tuple(
        City(
            name=row["name"],
            province=row["province"],
            area_code=f"CN{row['code']}000000",
            latitude=row["at"][0],
            longitude=row["at"][1],
            is_major=row.get("major", False),
            hub=row["hub"],
            districts=tuple(row["districts"]),
        )
        for row in read_table("cities")["cities"]
    )


def distance_km(a: City, b: City) -> float:
    """Road distance, roughly."""
    north = a.latitude - b.latitude
    east = (a.longitude - b.longitude) * cos(radians((a.latitude + b.latitude) / 2))
    return hypot(north, east) * KM_PER_DEGREE * ROAD_DETOUR


def haul_hours(a: City, b: City) -> float:
    """Hours a lorry needs from one city to the other."""
    return distance_km(a, b) / LORRY_KM_PER_HOUR


def transfer_city(origin: City, destination: City) -> City:
    """The major hub with the smallest detour between two cities."""
    majors = (city for city in all_cities() if city.is_major and city not in (origin, destination))
    return min(majors, key=lambda hub: distance_km(origin, hub) + distance_km(hub, destination))
