"""Read XML that a stranger may have sent, without trusting it."""

from __future__ import annotations

from xml.etree import ElementTree

from ticketing.kernel.errors import HouseError

MAX_BYTES = 512 * 1024
MAX_DEPTH = 32


class XmlRefused(HouseError):
    """A file that is no XML, or more of it than we read; `reason` says why."""

    status, code = 422, "xml_refused"

    def __init__(self, reason: str) -> None:
        super().__init__(reason, reason=reason)
        self.reason = reason


def read_xml(source: bytes, max_bytes: int = MAX_BYTES) -> ElementTree.Element:
    """Return the root element; raise `XmlRefused`.

    Without a DOCTYPE there are no entities to expand or fetch.
    """
    if len(source) > max_bytes:
        raise XmlRefused(f"文件超过 {max_bytes // 1024} KB")
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise XmlRefused("文件不是 UTF-8 编码") from error
    if "<!DOCTYPE" in text:
        raise XmlRefused("文件不能含有 DOCTYPE（实体声明）")
    try:
        ElementTree.XMLParser(target=_Shallow()).feed(text)
        return ElementTree.fromstring(text)
    except (ElementTree.ParseError, ValueError) as error:
        raise XmlRefused("文件不是完整的 XML") from error


class _Shallow:
    """Stops a parser that goes too deep."""

    def __init__(self) -> None:
        self._depth = 0

    def start(self, _tag: str, _attributes: dict[str, str]) -> None:
        """Go down."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise XmlRefused(f"文件嵌套超过 {MAX_DEPTH} 层")

    def end(self, _tag: str) -> None:
        """Come up."""
        self._depth -= 1
