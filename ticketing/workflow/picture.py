"""A process as a picture: the drawing in its file, as SVG. Pure."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from ticketing.kernel.errors import HouseError
from ticketing.workflow.drawing import Drawing, Node
from ticketing.workflow.geometry import Box, Edge, Point, edges_of, shapes_of
from ticketing.workflow.process import ROLES

MARGIN = 24
FONT = "'Noto Sans CJK SC','PingFang SC','Microsoft YaHei',sans-serif"
_FILL = {"customer": "#e8f1fd", "carrier": "#fdf3e1", "lead": "#f4ebfb", "finance": "#e9f7ee"}
_WIDE = 12
_FAINT = 'stroke="none" fill-opacity="0.65"'


class PictureMissing(HouseError):
    """The file says what happens, but not how to draw it."""

    status, code = 404, "picture_missing"

    def __init__(self, process: str) -> None:
        super().__init__(f"流程 {process} 的文件里没有图形信息", process=process)


def picture_of(drawing: Drawing) -> str:
    """Return the picture as SVG with the version inside; PictureMissing when nothing is drawn."""
    shapes, edges = shapes_of(drawing), edges_of(drawing)
    if not shapes or not drawing.processes:
        raise PictureMissing(drawing.process_id)
    frame = Box.around([*(box for box, _ in shapes.values()), *(edge.frame for edge in edges)])
    size = frame.grown(MARGIN)
    flows = {flow.id: flow for flow in drawing.sequence_flows}
    defaults = {node.default for node in drawing.nodes}
    labels = {each.get("id"): each.get("name") or "" for each in drawing.elements}
    body = [
        *(_arrow(edge, is_default=edge.of in defaults) for edge in edges if edge.of in flows),
        *(
            part
            for node in drawing.nodes
            if node.id in shapes
            for part in _node(node, *shapes[node.id])
        ),
        *(_beside(edge.label, labels.get(edge.of, "")) for edge in edges if edge.label),
    ]
    title = escape(drawing.processes[0].get("name") or drawing.process_id)
    return "\n".join(
        [_opening(size, drawing.version), f"<title>{title}</title>", *body, "</svg>\n"]
    )


def version_in(svg: str) -> str | None:
    """Return the version of the process a picture was made of."""
    try:
        return ElementTree.fromstring(svg).get("data-version")
    except ElementTree.ParseError:
        return None


def _opening(size: Box, version: str) -> str:
    view = f"{size.x:g} {size.y:g} {size.width:g} {size.height:g}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{view}" width="{size.width:g}" '
        f'height="{size.height:g}" data-version="{version}" font-family="{FONT}" font-size="12" '
        'fill="none" stroke="#37474f" stroke-width="1.4" stroke-linejoin="round">'
        '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 1L10 5L0 9z" fill="#37474f" stroke="none"/>'
        f'</marker></defs><rect x="{size.x:g}" y="{size.y:g}" width="{size.width:g}" '
        f'height="{size.height:g}" fill="#fff" stroke="none"/>'
    )


def _arrow(edge: Edge, *, is_default: bool) -> str:
    points = edge.points
    path = f"M{points[0].x:g} {points[0].y:g}"
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        near, far = here.towards(before, 8), here.towards(after, 8)
        path += f"L{near.x:g} {near.y:g}Q{here.x:g} {here.y:g} {far.x:g} {far.y:g}"
    path += f"L{points[-1].x:g} {points[-1].y:g}"
    slash = _slash(*points[:2]) if is_default else ""
    return (
        f'<path d="{path}{slash}" marker-end="url(#tip)"/>'
        if not slash
        else (f'<path d="{path}" marker-end="url(#tip)"/><path d="{slash}"/>')
    )


def _slash(start: Point, then: Point) -> str:
    here = start.towards(then, 9)
    return f"M{here.x - 4:g} {here.y - 5:g}L{here.x + 4:g} {here.y + 5:g}"


def _node(node: Node, box: Box, label: Box | None) -> Iterator[str]:
    yield from _DRAWN[node.tag](node, box)
    if node.tag != "userTask" and node.label and label:
        yield _beside(label, node.label)


def _task(node: Node, box: Box) -> Iterator[str]:
    role = node.properties.get("role", "")
    fill = _FILL.get(role, "#f7f9fa")
    yield (
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" '
        f'rx="10" fill="{fill}"/>'
    )
    middle = box.middle
    yield _words(
        node.label, Point(middle.x, middle.y - (8 if role else 0)), box.width - 12, size=14
    )
    if role in ROLES:
        place = Point(middle.x, box.y + box.height - 16)
        yield _words(ROLES[role], place, box.width, size=11, style=_FAINT)


def _gateway(sign: Callable[[Point], str]) -> Callable[[Node, Box], Iterator[str]]:
    def drawn(_node: Node, box: Box) -> Iterator[str]:
        middle, right, bottom = box.middle, box.x + box.width, box.y + box.height
        yield (
            f'<path d="M{middle.x:g} {box.y:g}L{right:g} {middle.y:g}L{middle.x:g} {bottom:g}'
            f'L{box.x:g} {middle.y:g}z" fill="#fffde7"/><path d="{sign(middle)}" stroke-width="3"/>'
        )

    return drawn


def _cross(at: Point) -> str:
    x, y = at.x, at.y
    return f"M{x - 7:g} {y - 7:g}L{x + 7:g} {y + 7:g}M{x + 7:g} {y - 7:g}L{x - 7:g} {y + 7:g}"


def _plus(at: Point) -> str:
    x, y = at.x, at.y
    return f"M{x - 10:g} {y:g}L{x + 10:g} {y:g}M{x:g} {y - 10:g}L{x:g} {y + 10:g}"


def _start(_node: Node, box: Box) -> Iterator[str]:
    yield _circle(box.middle, box.width / 2, 'fill="#e9f7ee"')


def _end(_node: Node, box: Box) -> Iterator[str]:
    yield _circle(box.middle, box.width / 2, 'fill="#fbe9e7" stroke-width="4"')


def _timer(node: Node, box: Box) -> Iterator[str]:
    dashes = "" if node.interrupting else ' stroke-dasharray="5 3"'
    middle, radius = box.middle, box.width / 2
    x, y = middle.x, middle.y
    yield _circle(middle, radius, f'fill="#fff"{dashes}')
    yield _circle(middle, radius - 3, dashes)
    yield _circle(middle, radius - 7, "")
    yield f'<path d="M{x:g} {y - 7:g}L{x:g} {y:g}L{x + 5:g} {y + 2:g}"/>'


_DRAWN: dict[str, Callable[[Node, Box], Iterator[str]]] = {
    "userTask": _task,
    "exclusiveGateway": _gateway(_cross),
    "parallelGateway": _gateway(_plus),
    "startEvent": _start,
    "endEvent": _end,
    "boundaryEvent": _timer,
}


def _circle(at: Point, radius: float, style: str) -> str:
    return f'<circle cx="{at.x:g}" cy="{at.y:g}" r="{radius:g}" {style}/>'


def _beside(box: Box | None, text: str) -> str:
    if box is None or not text:
        return ""
    halo = 'stroke="#fff" stroke-width="3" paint-order="stroke"'
    return _words(text, box.middle, max(box.width, 3 * _WIDE), style=halo)


def _words(
    text: str, at: Point, width: float, *, size: int = 12, style: str = 'stroke="none"'
) -> str:
    """Return a text around a point, in as many lines as it needs."""
    lines = _lines(text, max(1, math.floor(width / size)))
    top = at.y - (len(lines) - 1) * size * 0.6 + size * 0.36
    spans = "".join(
        f'<tspan x="{at.x:g}" y="{top + index * size * 1.2:g}">{escape(line)}</tspan>'
        for index, line in enumerate(lines)
    )
    return f'<text text-anchor="middle" font-size="{size}" fill="#263238" {style}>{spans}</text>'


def _lines(text: str, letters: int) -> list[str]:
    """Break a text after a comma if that does, else into lines of one length."""
    head, comma, tail = text.partition("，")
    if len(text) > letters >= max(len(head) + 1, len(tail)) and tail:
        return [head + comma, tail]
    count = math.ceil(len(text) / letters)
    length = math.ceil(len(text) / count)
    return [text[start : start + length] for start in range(0, len(text), length)]
