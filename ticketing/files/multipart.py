"""One file out of a multipart form (RFC 7578), handed on while it comes in."""

from __future__ import annotations

from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect

from ticketing.files.disk import UploadBroken
from ticketing.kernel.errors import HouseError

FIELD = "file"
OTHER_FIELDS_LIMIT = 4096


class NoFileSent(HouseError):
    """The form has no file in the field `file`, or more than one."""

    status, code = 422, "no_file_sent"

    def __init__(self) -> None:
        super().__init__(f"请用 multipart/form-data 的 {FIELD} 字段上传一个文件", field=FIELD)


@dataclass(frozen=True)
class Incoming:
    """A file on its way: its name, what the sender says it is, and its content."""

    name: str
    declared: str
    chunks: AsyncIterator[bytes]


async def incoming_file(content_type: str, stream: AsyncIterator[bytes]) -> Incoming:
    """Return the file of a form; raise `NoFileSent` or `UploadBroken`."""
    kind, options = parse_options_header(content_type)
    boundary = options.get(b"boundary", b"")
    if kind.lower() != b"multipart/form-data" or not boundary:
        raise NoFileSent
    form = _Form(boundary, stream)
    async for event, value in form.events():
        if event == "part" and value.is_file:
            return Incoming(value.filename, value.declared, form.content())
    raise NoFileSent


class _Part:
    """The headers of a part."""

    def __init__(self) -> None:
        self.headers: dict[bytes, bytes] = {}

    @cached_property
    def is_file(self) -> bool:
        """Whether it is the file that is wanted."""
        return self._options.get(b"name") == FIELD.encode() and b"filename" in self._options

    @property
    def filename(self) -> str:
        """The file's name as its sender has it."""
        return self._options.get(b"filename", b"").decode("utf-8", "replace")

    @property
    def declared(self) -> str:
        """What the sender says it is."""
        return self.headers.get(b"content-type", b"").decode("latin-1")

    @cached_property
    def _options(self) -> dict[bytes, bytes]:
        return parse_options_header(self.headers.get(b"content-disposition", b""))[1]


class _Form:
    """Events of a form in order; no more of it in memory than one piece of the stream."""

    def __init__(self, boundary: bytes, stream: AsyncIterator[bytes]) -> None:
        self._stream = stream
        self._waiting: deque[tuple[str, Any]] = deque()
        self._part, self._header = _Part(), b""
        self._others = 0
        self._whole = False
        names = ("part_begin", "part_data", "part_end", "header_field", "header_value")
        more = ("header_end", "headers_finished", "end")
        callbacks: Any = {f"on_{name}": getattr(self, f"_{name}") for name in (*names, *more)}
        try:
            self._parser = MultipartParser(boundary, callbacks)
        except FormParserError as error:
            raise NoFileSent from error

    async def events(self) -> AsyncIterator[tuple[str, Any]]:
        """Yield `part`, `data` and `end` as they come; raise `UploadBroken` if the end does not."""
        while True:
            while self._waiting:
                yield self._waiting.popleft()
            if not await self._read_on():
                return

    async def content(self) -> AsyncIterator[bytes]:
        """Yield the content of the part just begun, and see the form through to its end."""
        inside = True
        async for event, value in self.events():
            if event == "data" and inside:
                yield value
            elif event == "end":
                inside = False
            elif event == "part" and value.is_file:
                raise NoFileSent

    async def _read_on(self) -> bool:
        try:
            chunk = await anext(self._stream, None)
            if chunk is not None:
                self._parser.write(chunk)
        except (FormParserError, ClientDisconnect) as error:
            raise UploadBroken from error
        if chunk is None and not self._whole:
            raise UploadBroken
        return chunk is not None

    def _part_begin(self) -> None:
        self._part = _Part()

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end].lower()

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        headers = self._part.headers
        headers[self._header] = headers.get(self._header, b"") + data[start:end]

    def _header_end(self) -> None:
        self._header = b""

    def _headers_finished(self) -> None:
        self._waiting.append(("part", self._part))

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._part.is_file:
            self._waiting.append(("data", data[start:end]))
            return
        self._others += end - start
        if self._others > OTHER_FIELDS_LIMIT:
            raise FormParserError("too much beside the file")

    def _part_end(self) -> None:
        self._waiting.append(("end", None))

    def _end(self) -> None:
        self._whole = True
