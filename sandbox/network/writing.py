"""How each carrier names its places, numbers its parcels and words its scans."""

from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from sandbox.network.geography import City
from sandbox.network.tables import read_table

S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦许何吕张孔曹严华金魏陶姜"


@dataclass(frozen=True)
class Style:
    """One carrier's way of writing."""

    numbers: tuple[str, ...]
    hub: str
    branch: str
    problem: tuple[str, ...]
    texts: dict[str, tuple[str, ...]]

    def hub_name(self, city: City) -> str:
        """The sorting hub of a city."""
        return self.hub.format(hub=city.hub, province=city.province_prefix)

    def branch_name(self, city: City, district: str) -> str:
        """The pick-up and delivery branch of a district."""
        return self.branch.format(town=city.town, province=city.province_prefix, district=district)

    def word_scan(self, kind: str, facts: dict[str, str], rng: Random) -> str:
        """Write one scan; a kind without a sentence of its own is worded as a problem."""
        if kind in self.texts:
            return rng.choice(self.texts[kind]).format(**facts)
        what = rng.choice(read_table("styles")["problems"][kind]).format(**facts)
        return rng.choice(self.problem).format(**facts, what=what)

    def draw_number(self, rng: Random) -> str:
        """A waybill number in one of the carrier's formats."""
        pattern = rng.choice(self.numbers)
        digits = "".join(str(rng.randrange(10)) if sign == "#" else sign for sign in pattern)
        return digits.replace("$", s10_check_digit(digits[2:10])) if "$" in digits else digits


def s10_check_digit(serial: str) -> str:
    """The ninth digit of an international postal number (UPU S10) for its eight-digit serial."""
    remainder = sum(int(d) * w for d, w in zip(serial, S10_WEIGHTS, strict=True)) % 11
    return str({0: 5, 1: 0}.get(remainder, 11 - remainder))


def _style(row: dict[str, Any]) -> Style:
    return Style(
        numbers=tuple(row["numbers"]),
        hub=row["hub"],
        branch=row["branch"],
        problem=tuple(row["problem"]),
        texts={kind: tuple(variants) for kind, variants in row["texts"].items()},
    )


@cache
def all_styles() -> dict[str, Style]:
    """The style of every carrier of the network, by carrier code."""
    return {code: _style(row) for code, row in read_table("styles")["carriers"].items()}


def draw_courier(rng: Random) -> tuple[str, str]:
    """An invented courier: form of address and mobile number."""
    return f"{rng.choice(SURNAMES)}师傅", f"1380000{rng.randrange(10_000):04d}"


def draw_point(kind: str, district: str, rng: Random) -> str:
    """A locker, or a shop that keeps parcels."""
    points = read_table("styles")["points"]["station" if kind == "at_station" else "locker"]
    return str(rng.choice(points).format(district=district, n=rng.randint(1, 12)))


def draw_proxy(rng: Random) -> str:
    """Somebody who signs for the receiver."""
    return str(rng.choice(read_table("styles")["proxies"]))


def port_name(city: str) -> str:
    """The port of entry of a city."""
    return str(read_table("styles")["ports"][city])


def port_cities() -> tuple[str, ...]:
    """Cities with customs."""
    return tuple(read_table("styles")["ports"])
