from __future__ import annotations

from pathlib import Path

import pytest

from ticketing.workflow import gallery
from ticketing.workflow.definitions import shipped
from ticketing.workflow.process import ROLES, Process

PAGE = gallery.page()


def section(process: Process) -> str:
    return PAGE.split(f"## {process.name}\n")[1].partition("\n## ")[0]


@pytest.mark.parametrize("process", shipped().processes, ids=lambda each: each.id)
def test_each_process_has_a_sentence_a_picture_and_a_row_for_each_step(process: Process) -> None:
    own = section(process)

    assert process.about
    assert process.about in own
    assert f"(images/workflows/{process.id}.svg)" in own
    for step in process.steps:
        (row,) = [
            line for line in own.splitlines() if line.startswith(f"| {step.label} `{step.name}` |")
        ]
        assert ROLES[step.role] in row
        assert step.on_done in row
        assert row.count("|") == 6
    for timer in process.timers:
        assert f"`{timer.name}`" in own


def test_times_are_told_in_hours_and_long_ones_in_working_days() -> None:
    own = section(shipped().for_kind("delay"))

    assert "| 催办快递公司 `chase` | 快递公司 | 8 小时 |" in own
    assert "| 跟踪到货 `watch` | 客服 | 2 个工作日 |" in own
    assert "不结束「催办快递公司」 | 24 小时 |" in own
    paid = section(shipped().for_kind("damage"))
    assert "| 财务打款 `pay` | 财务 | 2 个工作日 |" in paid
    assert "| 客户确认方案 `confirm` | 客户 | 24 小时 |" in paid


def test_pictures_of_nothing_any_more_go_away(tmp_path: Path) -> None:
    old = tmp_path / gallery.PICTURES / "gone.svg"
    old.parent.mkdir(parents=True)
    old.write_text("<svg/>", "utf-8")
    gallery.write(tmp_path)

    assert not old.exists()
    assert (tmp_path / gallery.PAGE).read_text("utf-8") == PAGE
    assert len(list(old.parent.iterdir())) == len(shipped().processes)
