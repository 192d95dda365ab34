"""What can go wrong between actions and ticketing."""


class BackendError(Exception):
    """Ticketing did not do what was asked."""


class BackendUnreachable(BackendError):
    """No connection."""


class BackendTimeout(BackendUnreachable):
    """No answer in time."""


class BackendRefused(BackendError):
    """An answer with a status >= 400; `code` and `detail` are ticketing's own words."""

    def __init__(self, status: int, code: str, detail: str) -> None:
        super().__init__(f"{status} {code}")
        self.status, self.code, self.detail = status, code, detail


class BackendAnswerUnreadable(BackendError):
    """An answer that is not what the contract says."""


class OnlyInShadow(Exception):
    """The answer would open, change or promise something, and only a suggestion was wanted."""
