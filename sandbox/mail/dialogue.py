"""One SMTP conversation, line by line (RFC 5321, AUTH of RFC 4954); no bytes are moved here."""

import base64
import binascii
import re
from dataclasses import dataclass, field

from sandbox.faults import FaultKind
from sandbox.settings import Settings

BIGGEST = 1_000_000
_ADDRESS = re.compile(r"(?:FROM|TO):\s*<([^<>\s]*)>", re.IGNORECASE)
NOBODY = "nobody@"


class Goodbye(Exception):
    """The conversation is over."""


@dataclass
class Envelope:
    """A mail on its way in."""

    sender: str
    recipients: list[str] = field(default_factory=list)
    content: bytes = b""


class Dialogue:
    """Hears one line at a time and says what to answer; `taken` is a mail that is complete."""

    def __init__(self, settings: Settings, faults: frozenset[FaultKind]) -> None:
        self._settings = settings
        self._faults = faults
        self._is_known = False
        self._envelope: Envelope | None = None
        self._lines: list[bytes] | None = None
        self._awaits_secret = False
        self.is_over = False
        self.taken: Envelope | None = None

    def greeting(self) -> str:
        """What the server says first."""
        if FaultKind.DOWN in self._faults:
            self.is_over = True
            return "421 4.3.2 service not available"
        return "220 sandbox ESMTP"

    def hear(self, line: bytes) -> str | None:
        """The answer to a line; None while a mail's text is being taken."""
        if self._lines is not None:
            return self._take(line)
        if self._awaits_secret:
            self._awaits_secret = False
            return self._plain(line.decode("ascii", "replace"))
        verb, _, rest = line.decode("utf-8", "replace").partition(" ")
        answers = {
            "EHLO": self._ehlo,
            "HELO": lambda _: "250 sandbox",
            "AUTH": self._auth,
            "MAIL": self._mail,
            "RCPT": self._rcpt,
            "DATA": self._data,
            "RSET": self._reset,
            "NOOP": lambda _: "250 2.0.0 ok",
            "QUIT": self._quit,
        }
        answer = answers.get(verb.upper())
        return answer(rest.strip()) if answer else "500 5.5.2 unknown command"

    def _ehlo(self, _name: str) -> str:
        return (
            f"250-sandbox\r\n250-AUTH PLAIN\r\n250-SMTPUTF8\r\n250-8BITMIME\r\n250 SIZE {BIGGEST}"
        )

    def _auth(self, rest: str) -> str:
        mechanism, _, initial = rest.partition(" ")
        if mechanism.upper() != "PLAIN":
            return "504 5.5.4 mechanism not offered"
        if initial:
            return self._plain(initial)
        self._awaits_secret = True
        return "334 "

    def _plain(self, text: str) -> str:
        try:
            _, name, secret = base64.b64decode(text, validate=True).decode().split("\x00")
        except (binascii.Error, ValueError):
            return "501 5.5.2 cannot decode"
        wanted = (self._settings.smtp_username, self._settings.smtp_password)
        if (name, secret) != wanted or FaultKind.WRONG_SIGNATURE in self._faults:
            return "535 5.7.8 authentication credentials invalid"
        self._is_known = True
        return "235 2.7.0 authenticated"

    def _mail(self, rest: str) -> str:
        found = _ADDRESS.match(rest)
        if not self._is_known:
            return "530 5.7.0 authentication required"
        if found is None:
            return "501 5.1.7 bad sender"
        if found[1].lower() != self._settings.smtp_username:
            return "553 5.7.1 sender is not the account's"
        self._envelope = Envelope(found[1])
        return "250 2.1.0 ok"

    def _rcpt(self, rest: str) -> str:
        found = _ADDRESS.match(rest)
        if self._envelope is None:
            return "503 5.5.1 MAIL first"
        if found is None or "@" not in found[1]:
            return "501 5.1.3 bad recipient"
        if found[1].lower().startswith(NOBODY):
            return "550 5.1.1 no such mailbox"
        if FaultKind.BUSY in self._faults:
            return "451 4.7.1 greylisted, try again later"
        self._envelope.recipients.append(found[1])
        return "250 2.1.5 ok"

    def _data(self, _rest: str) -> str:
        if self._envelope is None or not self._envelope.recipients:
            return "503 5.5.1 RCPT first"
        if FaultKind.QUOTA in self._faults:
            return "552 5.2.2 mailbox full"
        self._lines = []
        return "354 end with <CRLF>.<CRLF>"

    def _take(self, line: bytes) -> str | None:
        assert self._lines is not None
        if line != b".":
            self._lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
            return None
        content, self._lines = b"\r\n".join(self._lines), None
        if len(content) > BIGGEST:
            return "552 5.3.4 message too big"
        if FaultKind.ERROR_500 in self._faults:
            return "554 5.3.0 transaction failed"
        envelope, self._envelope = self._envelope, None
        assert envelope is not None
        envelope.content = content
        self.taken = envelope
        return "250 2.0.0 taken"

    def _reset(self, _rest: str) -> str:
        self._envelope = None
        return "250 2.0.0 ok"

    def _quit(self, _rest: str) -> str:
        self.is_over = True
        return "221 2.0.0 bye"
