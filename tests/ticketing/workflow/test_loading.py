from __future__ import annotations

import pytest

from ticketing.workflow.drawing import ProcessInvalid
from ticketing.workflow.loading import load_process

from .drawing_board import bpmn, framed, line, step

CLOSE = step("close", state="closed")
FLOWS = [("begin", "close"), ("close", "finish")]


def test_the_same_content_is_loaded_once() -> None:
    assert load_process(line("a")) is load_process(bytes(bytearray(line("a"))))


def test_the_file_is_kept_exactly_as_it_was_given() -> None:
    source = b"<!-- mine -->\r\n" + line("a")

    assert load_process(source).source == source


def test_a_process_without_a_name_is_called_by_its_id() -> None:
    assert load_process(line("a", process="nameless")).name == "nameless"


def test_what_breaks_the_bpmn_schema_is_refused() -> None:
    source = line("a").replace(b'isExecutable="true"', b'isExecutable="true" colour="red"')

    with pytest.raises(ProcessInvalid, match="不符合 BPMN"):
        load_process(source)


def test_a_flow_to_nowhere_is_refused() -> None:
    with pytest.raises(ProcessInvalid, match="不符合 BPMN"):
        load_process(bpmn(framed(CLOSE), [*FLOWS, ("close", "nowhere")]))


def test_lanes_notes_and_foreign_extensions_do_no_harm() -> None:
    notes = (
        '<bpmn:laneSet id="lanes"><bpmn:lane id="lane" name="客服">'
        "<bpmn:flowNodeRef>close</bpmn:flowNodeRef></bpmn:lane></bpmn:laneSet>"
    )
    after = '<bpmn:textAnnotation id="note"><bpmn:text>说明</bpmn:text></bpmn:textAnnotation>'
    source = bpmn(notes + framed(CLOSE), FLOWS).replace(
        b"</bpmn:process>", f"{after}</bpmn:process>".encode()
    )

    assert [each.name for each in load_process(source).steps] == ["close"]
