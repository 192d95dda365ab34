"""The forms that come with the product: there for every kind and step, and kind to customers."""

from __future__ import annotations

import json
import re

import pytest

from ticketing.forms.checking import validate
from ticketing.forms.form import Form
from ticketing.forms.shipped import FOLDER, shipped
from ticketing.forms.walk import next_question, question_of
from ticketing.tickets.kinds import ticket_kinds

# Steps that must be completable with nothing filled in: the normal way of every gateway.
NOTHING_NEEDED = (
    "accept first_review verify goods_check warehouse_check branch_evidence responsibility payment "
    "follow_up close carrier_reply watch escalation return_review inspection resend search_result "
    "courier_statement sign_proof delivery_result quote redispatch arrangement interception "
    "return_progress pickup_dispatch pickup_result invoice_issue invoice_sent"
)
NEEDED = {
    "liability": {"amount"},
    "assessment": {"amount"},
    "approval": {"decision"},
    "solution": {"text"},
    "return_solution": {"text", "follows"},
    "address_question": {"problem"},
    "confirm_solution": {"decision"},
    "confirm_address": {"decision"},
    "confirm_receipt": {"received"},
    "return_waybill": {"new_waybill_no"},
}
PHOTOGRAPHED = ("damage", "misdelivery", "return_exchange", "compensation")
WITHOUT_PARCEL = ("pickup", "invoice", "complaint")


def required(form: Form) -> set[str]:
    """The keys that must be answered when nothing else is."""
    return {f.key for f in form.fields if f.required and not f.is_hidden({})}


@pytest.mark.parametrize("kind", sorted(ticket_kinds()))
def test_there_is_a_complaint_form_for_every_kind(kind: str) -> None:
    assert shipped()[f"complaint_{kind}"].fields


def test_there_is_no_complaint_form_for_a_kind_that_does_not_exist() -> None:
    kinds = {name.removeprefix("complaint_") for name in shipped() if name.startswith("complaint_")}
    assert kinds == set(ticket_kinds())


@pytest.mark.parametrize("name", NOTHING_NEEDED.split())
def test_a_step_of_the_normal_way_needs_nothing_filled_in(name: str) -> None:
    assert validate(shipped()[name], {}) == {}


@pytest.mark.parametrize(("name", "keys"), NEEDED.items())
def test_a_step_that_decides_needs_its_decision(name: str, keys: set[str]) -> None:
    assert required(shipped()[name]) == keys


@pytest.mark.parametrize(
    ("name", "data", "wanted"),
    [
        ("first_review", {"decision": "reject"}, "reason"),
        ("first_review", {"decision": "more_evidence"}, "reason"),
        ("approval", {"decision": "reject"}, "reason"),
        ("return_review", {"decision": "reject"}, "reason"),
        ("confirm_solution", {"decision": "reject"}, "reason"),
        ("confirm_address", {"decision": "changed"}, "address"),
        ("complaint_invoice", {"title_type": "company"}, "tax_no"),
        ("complaint_interception", {"wish": "redirect"}, "address"),
    ],
)
def test_an_answer_may_ask_for_another(name: str, data: dict[str, str], wanted: str) -> None:
    field = shipped()[name].field(wanted)
    assert field is not None
    assert field.required
    assert field.is_hidden({})
    assert not field.is_hidden(data)


def test_who_has_not_received_it_is_asked_what_happened() -> None:
    receipt = shipped()["confirm_receipt"]
    asked = next_question(receipt, {"received": False})
    assert asked is not None
    assert asked.key == "reason"
    assert next_question(receipt, {"received": True}) is None


@pytest.mark.parametrize("kind", PHOTOGRAPHED)
def test_complaints_about_goods_take_photos_by_role(kind: str) -> None:
    keys = {field.key for field in shipped()[f"complaint_{kind}"].fields}
    assert {"photo_label", "photo_inner"} <= keys


def test_photos_that_were_lacking_are_asked_for_by_role() -> None:
    keys = [field.key for field in shipped()["evidence"].fields]
    assert keys == ["photo_outer", "photo_label", "photo_inner", "note"]


@pytest.mark.parametrize("kind", sorted(ticket_kinds()))
def test_a_complaint_about_a_parcel_asks_for_its_number(kind: str) -> None:
    field = shipped()[f"complaint_{kind}"].field("waybill_no")
    needs_it = kind not in WITHOUT_PARCEL
    assert (field is not None and field.required) is needs_it


@pytest.mark.parametrize("name", sorted(shipped()))
def test_every_label_and_question_is_chinese_and_whole(name: str) -> None:
    form = shipped()[name]
    assert re.search(r"[\u4e00-\u9fff]", form.title)
    for field in form.fields:
        assert re.search(r"[\u4e00-\u9fff]", field.label), field.key
        assert len(question_of(field).text) < 400
        assert len({choice.label for choice in field.choices}) == len(field.choices)


@pytest.mark.parametrize("name", sorted(shipped()))
def test_a_synonym_means_one_choice_only(name: str) -> None:
    for field in shipped()[name].fields:
        words = [w for c in field.choices for w in (c.label, *c.synonyms)]
        assert len(set(words)) == len(words), field.key


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.json")), ids=lambda file: file.stem)
def test_a_file_is_what_form_js_expects(file: object) -> None:
    schema = json.loads((FOLDER / str(file)).read_text("utf-8"))
    assert schema["type"] == "default"
    assert schema["schemaVersion"] == 19
    ids = [component["id"] for component in schema["components"]]
    assert len(set(ids)) == len(ids)
