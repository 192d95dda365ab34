import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from carriers.catalog import Catalog, normalise_waybill_no
from tests.carriers.doubles import full_width

CATALOG = Catalog.load()

EXAMPLES = {
    "SF": "SF1234567890123", "ZTO": "78123456789012", "YTO": "YT8765432109876",
    "STO": "777712345678901", "YD": "432112345678901", "JTSD": "JT1234567890123",
    "JD": "JDVA12345678901", "EMS": "EA123456789CN", "YZPY": "9812345678901",
    "YZBK": "XA123456789CN", "DBL": "DPK301234567890", "CNSD": "610123456789012",
    "DNWL": "600123456789012", "CNCY": "LP12345678901234", "CNDJWL": "CNDJ1234567890",
    "SFKY": "SFKY1234567890", "JDKY": "JDKA12345678901", "ZTOKY": "301234567890",
    "YDKY": "88123456789012", "BTWL": "21234567890", "DBLKY": "DPL123456789",
    "ANEKY": "601234567890", "ANE": "661234567890", "YMDD": "201234567890",
    "SX": "SX1234567890", "KYSY": "KY4000123456789", "RRS": "RRS1234567890",
    "SNWL": "SN1234567890123", "ANNTO": "AD123456789012", "JGSD": "JG12345678901",
    "XFEX": "XF1234567890", "JYM": "JYM123456789", "HOAU": "HOAU12345678",
    "ZJS": "A001234567890", "UC": "512345678901", "TJS": "TJS123456789",
    "LB": "LB1234567890", "ZTKY": "K1234567890", "FBOX": "FC123456789012",
    "SS": "TDH1234567890123456", "DHL": "1234567890", "UPS": "1Z999AA10123456784",
    "FEDEX": "121234567890", "FEDEX_GJ": "9612345678901234567890", "TNT": "GD123456789WW",
    "USPS": "9212345678901234567890", "HTKY": "51234567890123", "FWX": "FW1234567890123",
    "HHTT": "TT1234567890", "ZYE": "ZY1234567890123", "SURE": "SUR123456789",
}  # fmt: skip
PATTERNS = [(each.code, pattern) for each in CATALOG.carriers for pattern in each.waybill_patterns]
NOISE = st.text(alphabet=" \t\n\u3000\u200b-‐–—－−", max_size=3)


def codes(number: str) -> list[str]:
    return [carrier.code for carrier in CATALOG.candidates(number)]


def test_there_are_at_least_forty_carriers_and_every_one_has_an_example() -> None:
    assert len(CATALOG.carriers) >= 40
    assert set(EXAMPLES) == {carrier.code for carrier in CATALOG.carriers}


def test_codes_and_names_are_unique() -> None:
    all_codes = [carrier.code for carrier in CATALOG.carriers]
    all_names = [name.casefold() for carrier in CATALOG.carriers for name in carrier.names]
    assert len(set(all_codes)) == len(all_codes)
    assert len(set(all_names)) == len(all_names)


def test_every_carrier_is_served_somewhere_and_has_our_code_where_kdniao_has_one() -> None:
    for carrier in CATALOG.carriers:
        assert carrier.kdniao or carrier.kuaidi100, carrier.code
        assert carrier.kdniao in {None, carrier.code}
        assert carrier.kuaidi100 is None or carrier.kuaidi100 == carrier.kuaidi100.lower()


def test_the_carriers_that_want_phone_digits_are_the_documented_ones() -> None:
    wanting = {carrier.code for carrier in CATALOG.carriers if carrier.phone_tail_required}
    assert wanting == {"SF", "ZTO", "KYSY", "SFKY", "FWX"}


@pytest.mark.parametrize(("code", "number"), EXAMPLES.items())
def test_every_carriers_example_is_recognised(code: str, number: str) -> None:
    assert code in codes(number)


@pytest.mark.parametrize(("code", "pattern"), PATTERNS)
def test_every_pattern_compiles_and_is_no_catch_all(code: str, pattern: str) -> None:
    assert re.compile(pattern)
    for greedy in ("1", "12345", "A" * 12, "测试"):
        assert re.fullmatch(pattern, greedy) is None, code


@pytest.mark.parametrize(
    "other",
    ["13812345678", "19912345678", "20261122", "T20261122000001", "010-12345678", "", "你好"],
)
def test_phones_days_and_ticket_numbers_are_nobodys_waybill(other: str) -> None:
    assert codes(other) == []


@pytest.mark.parametrize(
    ("number", "likeliest"),
    [
        ("SF1234567890123", "SF"),
        ("123456789012", "SF"),
        ("781234567890", "ZTO"),
        ("4312345678901", "YD"),
        ("9812345678901", "YZPY"),
        ("777712345678901", "STO"),
    ],
)
def test_the_likeliest_carrier_comes_first(number: str, likeliest: str) -> None:
    assert codes(number)[0] == likeliest


def test_plain_numbers_are_shared_and_closed_carriers_come_last() -> None:
    assert {"YD", "EMS", "YZBK"} <= set(codes("1234567890123"))
    active = [carrier.active for carrier in CATALOG.candidates("881234567890")]
    assert active[0]
    assert active.count(False) == 2
    assert active == sorted(active, reverse=True)


@given(st.sampled_from(PATTERNS), st.data())
def test_any_number_of_a_pattern_leads_to_its_carrier(
    row: tuple[str, str], data: st.DataObject
) -> None:
    code, pattern = row
    number = data.draw(st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True))
    assert code in codes(number)


@given(st.sampled_from(sorted(EXAMPLES.values())), st.data())
def test_full_width_lower_case_spaces_and_hyphens_change_nothing(
    number: str, data: st.DataObject
) -> None:
    written = data.draw(NOISE)
    for character in number:
        shown = data.draw(st.sampled_from([character, character.lower(), full_width(character)]))
        written += shown + data.draw(NOISE)
    assert normalise_waybill_no(written) == number
    assert normalise_waybill_no(number) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("顺丰", "SF"),
        ("顺丰速运", "SF"),
        (f" {full_width('ems')} ", "EMS"),
        ("中通快运", "ZTOKY"),
        ("我用的是中通快运寄的", "ZTOKY"),
        ("发的京东快递", "JD"),
        ("用ups寄的", "UPS"),
    ],
)
def test_a_carrier_is_found_by_the_name_customers_use(text: str, code: str) -> None:
    found = CATALOG.by_name(text)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ["", "快递", "these items", "groups"])
def test_a_text_without_a_name_finds_nobody(text: str) -> None:
    assert CATALOG.by_name(text) is None


def test_codes_lead_back_to_the_carrier() -> None:
    for carrier in CATALOG.carriers:
        assert CATALOG.by_code(carrier.code.lower()) is carrier
        assert carrier.kdniao is None or CATALOG.by_kdniao(carrier.kdniao) is carrier
    shared = CATALOG.by_kuaidi100("danniao")
    assert shared is not None
    assert shared.code == "CNSD"
    assert CATALOG.by_code("NOBODY") is None


def test_a_catalog_with_a_missing_field_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "catalog.yml"
    broken.write_text("carriers: [{code: SF, kdniao: SF}]", encoding="utf-8")
    with pytest.raises(KeyError):
        Catalog.load(broken)


def test_a_catalog_with_a_text_for_a_list_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "catalog.yml"
    broken.write_text(
        "carriers: [{code: SF, kdniao: SF, kuaidi100: a, name: b, nicknames: 顺丰}]",
        encoding="utf-8",
    )
    with pytest.raises(TypeError):
        Catalog.load(broken)
