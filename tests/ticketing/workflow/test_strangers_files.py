"""Whatever is uploaded is a process or is refused; nothing else happens, and not for long."""

from __future__ import annotations

from xml.etree import ElementTree

from hypothesis import given, settings
from hypothesis import strategies as st

from ticketing.workflow.definitions import shipped
from ticketing.workflow.drawing import (
    BPMN,
    MAX_PROBLEM,
    MAX_PROBLEMS,
    ProcessInvalid,
    read_drawing,
)
from ticketing.workflow.machine import start
from ticketing.workflow.picture import PictureMissing, picture_of
from ticketing.workflow.trial import judge

SOURCES = [process.source for process in shipped().processes]
TAGS = [
    *("startEvent", "endEvent", "userTask", "exclusiveGateway", "parallelGateway", "subProcess"),
    *("boundaryEvent", "scriptTask", "sequenceFlow", "task", "process", "timeDuration", "lane"),
]
VALUES = ["", "accept", "close", "finished", "x", "-1", "NaN", "true", "false", "P1D", "${x}", "{"]

attacks = settings(max_examples=80, deadline=None)


@st.composite
def spoilt(draw: st.DrawFn) -> bytes:
    """A shipped file with some of its elements renamed, moved, doubled, emptied or reworded."""
    root = ElementTree.fromstring(draw(st.sampled_from(SOURCES)))
    for _ in range(draw(st.integers(1, 4))):
        parents = [each for each in root.iter() if len(each)]
        parent = draw(st.sampled_from(parents))
        child = draw(st.sampled_from(list(parent)))
        act = draw(st.sampled_from(["rename", "reword", "drop", "double", "move", "text"]))
        if act == "rename":
            child.tag = f"{BPMN}{draw(st.sampled_from(TAGS))}"
        elif act == "reword" and child.attrib:
            child.set(draw(st.sampled_from(sorted(child.attrib))), draw(st.sampled_from(VALUES)))
        elif act == "text":
            child.text = draw(st.sampled_from(VALUES))
        elif act == "double":
            parent.append(child)
        elif act == "move":
            other = draw(st.sampled_from([each for each in parents if each not in child.iter()]))
            parent.remove(child)
            other.append(child)
        else:
            parent.remove(child)
    return bytes(ElementTree.tostring(root, "utf-8"))


def against(source: bytes) -> list[str]:
    """What speaks against a file; nothing where it is a process."""
    try:
        process = judge(source)
    except ProcessInvalid as refused:
        return refused.problems
    assert start(process).tokens
    return []


@attacks
@given(spoilt())
def test_a_spoilt_file_is_a_process_or_refused(source: bytes) -> None:
    problems = against(source)

    assert len(problems) <= MAX_PROBLEMS
    assert all(0 < len(problem) <= MAX_PROBLEM for problem in problems)


@attacks
@given(spoilt())
def test_a_spoilt_file_is_drawn_or_not(source: bytes) -> None:
    try:
        svg = picture_of(read_drawing(source))
    except (ProcessInvalid, PictureMissing):
        return
    assert ElementTree.fromstring(svg).tag.endswith("svg")


@given(st.binary(max_size=200))
def test_bytes_are_refused(source: bytes) -> None:
    assert against(source)


@given(st.text(max_size=60), st.sampled_from(["<{}/>", "<a {}/>", "<a>{}</a>", "<?{}?>", "<!{}>"]))
def test_words_in_brackets_are_refused(text: str, frame: str) -> None:
    assert against(frame.format(text).encode("utf-8", "replace"))


def test_endless_words_are_told_shortly() -> None:
    source = SOURCES[0].replace(b"address_change", b"x" * 100_000)

    assert all(len(problem) <= MAX_PROBLEM for problem in against(source))
