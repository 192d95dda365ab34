from __future__ import annotations

from xml.etree import ElementTree

import pytest

from ticketing.workflow.definitions import shipped
from ticketing.workflow.drawing import read_drawing
from ticketing.workflow.geometry import Box, Point, edges_of, shapes_of
from ticketing.workflow.picture import PictureMissing, picture_of, version_in
from ticketing.workflow.process import ROLES, Process

from .drawing_board import line

SVG = "{http://www.w3.org/2000/svg}"

each_process = pytest.mark.parametrize("process", shipped().processes, ids=lambda each: each.id)


def words_in(svg: str) -> str:
    return "".join(
        "".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")
    )


def overlapping(one: Box, other: Box) -> bool:
    apart = (
        one.x + one.width <= other.x
        or other.x + other.width <= one.x
        or one.y + one.height <= other.y
        or other.y + other.height <= one.y
    )
    return not apart


@each_process
def test_a_picture_shows_every_name_and_who_does_what(process: Process) -> None:
    drawing = read_drawing(process.source)
    words = words_in(picture_of(drawing))

    for node in drawing.nodes:
        assert node.label in words
    for step in process.steps:
        assert ROLES[step.role] in words
    for element in drawing.elements:
        if element.tag.endswith("sequenceFlow"):
            assert element.get("name", "") in words


@each_process
def test_a_picture_tells_of_which_version_it_is(process: Process) -> None:
    assert version_in(picture_of(read_drawing(process.source))) == process.version


@each_process
def test_nothing_is_drawn_over_anything_else(process: Process) -> None:
    drawing = read_drawing(process.source)
    shapes = shapes_of(drawing)
    timers = set(drawing.ids_of("boundaryEvent"))
    boxes = {name: box for name, (box, _) in shapes.items() if name not in timers}
    labels = [label for _, label in shapes.values() if label]
    labels += [edge.label for edge in edges_of(drawing) if edge.label]
    steps = [boxes[step.name] for step in process.steps]

    pairs = [(a, b) for a in boxes for b in boxes if a < b]
    assert not [pair for pair in pairs if overlapping(boxes[pair[0]], boxes[pair[1]])]
    assert not [label for label in labels if any(overlapping(label, step) for step in steps)]
    assert not [a for i, a in enumerate(labels) for b in labels[:i] if overlapping(a, b)]


@each_process
def test_no_line_runs_through_a_step(process: Process) -> None:
    drawing = read_drawing(process.source)
    shapes = shapes_of(drawing)
    ends = {flow.id: {flow.source, flow.target} for flow in drawing.sequence_flows}
    hosts = {node.id: node.attached_to for node in drawing.nodes}

    for edge in edges_of(drawing):
        own = ends[edge.of] | {hosts[name] for name in ends[edge.of]}
        for before, after in zip(edge.points, edge.points[1:], strict=False):
            left, top = min(before.x, after.x), min(before.y, after.y)
            drawn = Box(left, top, abs(after.x - before.x) or 1, abs(after.y - before.y) or 1)
            crossed = [
                step.name
                for step in process.steps
                if step.name not in own and overlapping(drawn, shapes[step.name][0])
            ]
            assert crossed == []


def test_names_cannot_break_out_of_a_picture() -> None:
    urge = next(each for each in shipped().processes if each.id == "urge")
    hostile = b"&lt;/text&gt;&lt;script&gt;alert(1)&lt;/script&gt;"
    svg = picture_of(read_drawing(urge.source.replace("催件流程".encode(), hostile)))

    assert "<script" not in svg
    assert [each for each in ElementTree.fromstring(svg).iter() if "script" in each.tag] == []


def test_a_file_that_draws_nothing_has_no_picture() -> None:
    with pytest.raises(PictureMissing) as caught:
        picture_of(read_drawing(line("a")))

    assert caught.value.status == 404


@pytest.mark.parametrize("number", [b"NaN", b"Infinity", b"1e99", b"", b"left"])
def test_a_place_that_is_none_is_left_out(number: bytes) -> None:
    urge = next(each for each in shipped().processes if each.id == "urge")
    drawing = read_drawing(urge.source.replace(b' width="100"', b' width="' + number + b'"', 1))

    assert len(shapes_of(drawing)) == len(drawing.nodes) - 1
    assert "nan" not in picture_of(drawing).lower()


@pytest.mark.parametrize("svg", ["", "no picture", "<svg>", "<svg/>"])
def test_what_is_no_picture_of_ours_has_no_version(svg: str) -> None:
    assert version_in(svg) is None


def test_a_point_moves_towards_another_but_not_past_the_middle() -> None:
    assert Point(0, 0).towards(Point(100, 0), 8) == Point(8, 0)
    assert Point(0, 0).towards(Point(0, 10), 8) == Point(0, 5)
    assert Point(3, 4).towards(Point(3, 4), 8) == Point(3, 4)


def test_the_frame_holds_everything() -> None:
    frame = Box.around([Box(0, 10, 5, 5), Box(-3, 0, 1, 1)])

    assert frame == Box(-3, 0, 8, 15)
    assert frame.grown(2) == Box(-5, -2, 12, 19)
    assert frame.middle == Point(1, 7.5)
