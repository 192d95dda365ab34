"""What papers are filled with."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.ticketing.printing.made import NOW, PRINTED, said
from ticketing.evidence.manifest import Photo
from ticketing.forms.form import Form
from ticketing.forms.shipped import shipped
from ticketing.printing.papers import PAPERS, UnknownPaper, paper, printed_paper
from ticketing.printing.sheets import TicketFile, fill, moment
from ticketing.printing.specimen import specimen
from ticketing.tickets.models import TicketChange, TicketStep


def filled(name: str, file: TicketFile | None = None) -> dict[str, Any]:
    return fill(paper(name), file or specimen(NOW), NOW)


def with_photo(**more: Any) -> TicketFile:
    file = specimen(NOW)
    photo = replace(file.pack.photos[0], **more)
    return replace(file, pack=replace(file.pack, photos=(photo,)))


def answered(decision: str, **more: Any) -> TicketFile:
    file = specimen(NOW)
    step = TicketStep(
        step="confirm",
        label="客户确认",
        role="customer",
        entered_at=NOW,
        done_at=NOW,
        outcome="done",
        data={"decision": decision, **more},
    )
    return replace(file, steps=[*file.steps, step])


def test_times_are_those_of_shanghai() -> None:
    assert moment(NOW) == "2026-11-22 14:05"
    assert moment(NOW.isoformat()) == "2026-11-22 14:05"
    assert moment(None) is None


def test_every_paper_has_its_own_number() -> None:
    numbers = {filled(name)["number"] for name in PRINTED}
    assert len(numbers) == len(PRINTED)
    assert all(number.startswith("T20261120000001-") for number in numbers)


@pytest.mark.parametrize(
    ("name", "phone"),
    [
        ("complaint_resolution", "138****5678"),
        ("claim_application", "13812345678"),
        ("ticket_detail", "138****5678"),
    ],
)
def test_only_the_claim_names_the_phone_number_whole(name: str, phone: str) -> None:
    assert filled(name)["ticket"]["contact_phone"] == phone


def test_only_the_details_name_the_address_whole() -> None:
    told = {
        name: next(d["value"] for d in filled(name)["details"] if d["label"] == "地址")
        for name in PRINTED
    }
    assert told["ticket_detail"].endswith("301")
    assert told["complaint_resolution"] == "广东省深圳市南山区****"


def test_the_customers_words_are_masked() -> None:
    words = filled("complaint_resolution", said("打13812345678找王小明先生"))["words"]
    assert "13812345678" not in words
    assert "138****5678" in words


def test_a_label_before_a_number_is_no_name_before_a_phone() -> None:
    texts = [step["text"] for step in filled("ticket_detail")["steps"]]
    assert any("金额：168.5" in text for text in texts)


def test_the_solution_is_what_a_step_wrote_down() -> None:
    assert filled("complaint_resolution")["solution"].startswith("按声明价值与损失比例赔付")


def test_without_a_written_solution_the_last_note_stands_for_it() -> None:
    file = specimen(NOW)
    for step in file.steps:
        step.data = {}
    assert filled("complaint_resolution", file)["solution"] == "承运方责任"


@pytest.mark.parametrize("decision", ["accept", "reject"])
def test_the_customers_decision_is_printed(decision: str) -> None:
    data = filled("complaint_resolution", answered(decision, reason="赔得太少"))
    assert data["decision"] == decision
    assert data["decision_reason"] == "赔得太少"
    assert data["decision_at"] == "2026-11-22 14:05"


def test_who_has_not_decided_has_decided_nothing() -> None:
    assert filled("complaint_resolution")["decision"] is None


def test_a_decision_given_anew_replaces_the_one_before() -> None:
    first = answered("reject", reason="太少")
    again = replace(first, steps=[*first.steps, answered("accept").steps[-1]])
    assert filled("complaint_resolution", again)["decision"] == "accept"


def test_step_rows_without_an_end_are_going_on() -> None:
    file = specimen(NOW)
    step = TicketStep(
        step="pay", label="财务打款", role="finance", entered_at=NOW, assignee="bo", data={}
    )
    row = filled("ticket_detail", replace(file, steps=[*file.steps, step]))["steps"][-1]
    assert (row["outcome_label"], row["by"], row["at"]) == ("进行中", "bo", None)
    assert row["role_label"] == "财务"


def test_history_lines_name_steps_as_people_do() -> None:
    lines = filled("ticket_detail")["history"]
    assert lines[0] == {"at": "2026-11-20 14:05", "by": "智能助手", "label": "登记工单", "text": ""}
    assert lines[1]["text"] == "客服初审，照片清楚，符合受理条件。"


def test_an_unknown_kind_of_line_is_printed_by_its_name() -> None:
    file = specimen(NOW)
    line = TicketChange(what="danced", by="anna", at=NOW, facts={"reason": "高兴"})
    shown = filled("ticket_detail", replace(file, changes=[line]))["history"]
    assert (shown[0]["label"], shown[0]["text"]) == ("danced", "高兴")


def form_of(kind: str) -> dict[str, Form]:
    return {name: form for name, form in shipped().items() if name == f"complaint_{kind}"}


def test_forms_name_their_fields_and_choices() -> None:
    file = replace(specimen(NOW), forms=form_of("damage"))
    file.ticket.details = {
        "item": "陶瓷茶具",
        "noticed": "after_signing",
        "urgent": "true",
        "photo_outer": ["7d7e0c9a-0000-4000-8000-000000000001"],
        "contact_phone": "13812345678",
    }
    shown = {d["label"]: d["value"] for d in filled("ticket_detail", file)["details"]}
    assert shown["物品名称"] == "陶瓷茶具"
    assert shown["外箱照片"] == "1 个文件"
    assert shown["联系电话"] == "138****5678"
    assert shown["什么时候发现的"] != "after_signing"
    assert shown["加急"] == "是"


def test_tracking_is_printed_newest_first() -> None:
    events = filled("ticket_detail")["tracking"]["events"]
    assert [event["place"] for event in events] == ["深圳市", "深圳市", "广州市"]
    assert filled("ticket_detail")["tracking"]["status_label"] == "已签收"


def test_a_ticket_without_a_parcel_is_printed_too() -> None:
    file = specimen(NOW)
    file.ticket.waybill_no, file.ticket.details = None, {}
    file.ticket.snapshot = {"waybill_no": None, "carrier_code": None, "status": None, "events": []}
    data = filled("ticket_detail", file)
    assert data["tracking"] == {"status_label": None, "checked_at": None, "events": []}
    assert data["amounts"]["wanted"] is None


def test_only_photos_are_shown_and_videos_are_named(tmp_path: Path) -> None:
    photo = filled("ticket_detail", with_photo(path=tmp_path / "a"))["photos"][0]
    film = filled("ticket_detail", with_photo(path=tmp_path / "b", media_type="video/mp4"))
    assert photo["path"] == str(tmp_path / "a")
    assert film["photos"][0]["path"] is None
    assert photo["role_label"] == "外箱照片"


def test_hashes_and_places_of_files_are_never_rewritten() -> None:
    long = Path("/var/" + "x" * 80)
    photo = filled("ticket_detail", with_photo(path=long))["photos"][0]
    assert photo["path"] == str(long)
    assert len(photo["sha256"]) == 64


def test_it_is_said_that_characters_were_missing() -> None:
    assert filled("ticket_detail", said("𠮷野家"))["has_unprintable"] is True
    assert filled("ticket_detail")["has_unprintable"] is False


def test_a_paper_shows_so_many_photos_at_most() -> None:
    file = specimen(NOW)
    photos: tuple[Photo, ...] = file.pack.photos * 20
    shown = filled("ticket_detail", replace(file, pack=replace(file.pack, photos=photos)))
    assert len(shown["photos"]) == 24


def test_papers_are_known_by_name() -> None:
    assert [each.name for each in PAPERS if each.is_printed] == list(PRINTED)
    with pytest.raises(UnknownPaper):
        paper("love_letter")
    with pytest.raises(UnknownPaper):
        printed_paper("letterhead")


def test_the_specimen_is_older_than_today() -> None:
    assert specimen(NOW).ticket.opened_at == NOW - timedelta(days=2)
