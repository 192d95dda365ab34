"""The way to the action server: one HTTP session for the whole process, a short request."""

from __future__ import annotations

import json
from typing import Any

import aiohttp
import rasa
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import ClientResponseError, EndpointConfig

_TIMEOUT = aiohttp.ClientTimeout(total=12, connect=2)


class PooledEndpoint(EndpointConfig):
    """Rasa's endpoint opens a session and a connection for every call; this one keeps them."""

    _session: aiohttp.ClientSession | None = None

    @classmethod
    def of(cls, endpoint: EndpointConfig) -> PooledEndpoint:
        """The same endpoint, pooled."""
        return cls(
            endpoint.url,
            endpoint.params,
            endpoint.headers,
            endpoint.basic_auth,
            endpoint.token,
            endpoint.token_name,
            endpoint.cafile,
            **endpoint.kwargs,
        )

    def session(self) -> aiohttp.ClientSession:
        """The one session; opened in the running loop at first use."""
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(headers=self.headers, timeout=_TIMEOUT)
        return self._session

    async def request(
        self,
        method: str = "post",
        subpath: str | None = None,
        content_type: str | None = "application/json",
        compress: bool = False,
        **kwargs: Any,
    ) -> Any:
        """Send and read JSON as Rasa's endpoint does; an answer >= 400 is a ClientResponseError.

        A kept connection may have been closed by the other side: then the call is made once more,
        which is safe because actions are idempotent per customer message.
        """
        url = self.url if not subpath else f"{self.url.rstrip('/')}/{subpath.lstrip('/')}"
        body = json.dumps(kwargs.pop("json", None), ensure_ascii=False).encode()
        options = {
            "data": body,
            "params": self.combine_parameters(kwargs),
            "headers": {"Content-Type": content_type or "application/json"},
            "compress": compress or None,
        }
        try:
            return await self._call(method, url, options)
        except aiohttp.ServerDisconnectedError:
            return await self._call(method, url, options)

    async def _call(self, method: str, url: str, options: dict[str, Any]) -> Any:
        async with self.session().request(method, url, **options) as response:
            if response.status >= 400:
                raise ClientResponseError(
                    response.status, response.reason, (await response.read()).decode()
                )
            if response.content_type != "application/json":
                return None
            return await response.json()

    async def aclose(self) -> None:
        """Close the session."""
        if self._session is not None:
            await self._session.close()


def _said(event: UserUttered) -> dict[str, Any]:
    """A customer's sentence as Rasa sends it, without what only the turn itself needed."""
    return {
        "event": event.type_name,
        "timestamp": event.timestamp,
        "text": event.text,
        "message_id": event.message_id,
        "parse_data": {"intent": event.intent, "entities": event.entities, "text": event.text},
    }


def action_call(
    action: RemoteAction,
    tracker: DialogueStateTracker,
    domain: Domain,  # noqa: ARG001
) -> dict[str, Any]:
    """Rasa's request to an action, with the customer's sentences as the only events.

    The action server insists on a `domain`; none of our actions reads it, nor any other event, and
    all of it would be serialised, sent and parsed at every call.
    """
    state = tracker.current_state(EventVerbosity.NONE)
    state["events"] = [_said(each) for each in tracker.events if isinstance(each, UserUttered)]
    return {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": state,
        "version": rasa.__version__,
        "domain": {"version": "3.1"},
    }


def install() -> None:
    """Let every remote action send the short request. Installing twice changes nothing."""
    RemoteAction._action_call_format = action_call
