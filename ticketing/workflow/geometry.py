"""Where a BPMN file draws what: its diagram interchange as boxes and lines. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self
from xml.etree import ElementTree

from ticketing.workflow.drawing import Drawing

_DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
_BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
_WAYPOINT = "{http://www.omg.org/spec/DD/20100524/DI}waypoint"
_FARTHEST = 20_000.0


@dataclass(frozen=True)
class Point:
    """A place on the drawing; y grows downwards."""

    x: float
    y: float

    def towards(self, other: Point, distance: float) -> Point:
        """The point so far from here on the way to another, at most half of the way."""
        length = math.hypot(other.x - self.x, other.y - self.y)
        share = min(distance / length, 0.5) if length else 0.0
        return Point(self.x + (other.x - self.x) * share, self.y + (other.y - self.y) * share)


@dataclass(frozen=True)
class Box:
    """A rectangle, named by its upper left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        """The point in its middle."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def grown(self, by: float) -> Box:
        """The box with so much room around it."""
        return Box(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    @classmethod
    def around(cls, boxes: Iterable[Box]) -> Self:
        """The smallest box that holds them all."""
        all_boxes = list(boxes)
        left, top = min(box.x for box in all_boxes), min(box.y for box in all_boxes)
        right = max(box.x + box.width for box in all_boxes)
        bottom = max(box.y + box.height for box in all_boxes)
        return cls(left, top, right - left, bottom - top)


@dataclass(frozen=True)
class Edge:
    """How the flow with the id `of` is drawn."""

    of: str
    points: tuple[Point, ...]
    label: Box | None

    @property
    def frame(self) -> Box:
        """The box around its points and its label."""
        points = [Box(point.x, point.y, 0, 0) for point in self.points]
        return Box.around([*points, self.label] if self.label else points)


def shapes_of(drawing: Drawing) -> Mapping[str, tuple[Box, Box | None]]:
    """Return the box of each drawn element by its id, and the box of its label."""
    found = {}
    for shape in drawing.root.iter(f"{_DI}BPMNShape"):
        box = _box(shape.find(_BOUNDS))
        if box is not None:
            found[shape.get("bpmnElement") or ""] = (box, _label(shape))
    return found


def edges_of(drawing: Drawing) -> tuple[Edge, ...]:
    """Return how the flows are drawn, in the file's order."""
    return tuple(
        Edge(edge.get("bpmnElement") or "", points, _label(edge))
        for edge in drawing.root.iter(f"{_DI}BPMNEdge")
        if len(points := _points(edge)) > 1
    )


def _label(element: ElementTree.Element) -> Box | None:
    return _box(element.find(f"{_DI}BPMNLabel/{_BOUNDS}"))


def _points(edge: ElementTree.Element) -> tuple[Point, ...]:
    places = (_numbers(each, "x", "y") for each in edge.iter(_WAYPOINT))
    return tuple(Point(*place) for place in places if place)


def _box(bounds: ElementTree.Element | None) -> Box | None:
    numbers = None if bounds is None else _numbers(bounds, "x", "y", "width", "height")
    return Box(*numbers) if numbers else None


def _numbers(element: ElementTree.Element, *names: str) -> list[float] | None:
    """Return numbers of a size that can be drawn, or nothing."""
    try:
        numbers = [float(element.get(name, "")) for name in names]
    except ValueError:
        return None
    return numbers if all(abs(number) <= _FARTHEST for number in numbers) else None
