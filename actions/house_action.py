"""The base of all our actions."""

from abc import ABC, abstractmethod
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.backend import Backend, shared_backend
from actions.reply import Reply
from actions.turn import Turn


class HouseAction(Action, ABC):
    """Turns a customer's message into a reply. `answer` raises BackendError when it cannot."""

    def __init__(self, backend: Backend | None = None) -> None:
        self._backend = backend

    @property
    def backend(self) -> Backend:
        """Ticketing."""
        return self._backend or shared_backend()

    @abstractmethod
    async def answer(self, turn: Turn) -> Reply:
        """Decide what to say, to remember and to do next."""

    async def run(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        domain: dict[str, Any],  # noqa: ARG002 - the SDK's signature
    ) -> list[EventType]:
        """The SDK's door to `answer`."""
        reply = await self.answer(Turn.of(tracker))
        reply.speak(dispatcher)
        return reply.events()
