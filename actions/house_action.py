"""The base of all our actions."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.agreed import recalled
from actions.backend import Backend, shared_backend
from actions.hearing import PERSON
from actions.mood import soothed, wants_out
from actions.reply import Reply, end_form, go_to
from actions.turn import Turn
from actions.wishes import (
    is_data_for_a_wish,
    is_only_wishes,
    wants_person,
    with_its_data,
    with_wishes,
)

HAND_OFF = "action_hand_off"


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
        turn = Turn.of(tracker)
        reply = with_wishes(turn, soothed(turn, await self._respond(turn)))
        reply.speak(dispatcher)
        return reply.events()

    async def _respond(self, turn: Turn) -> Reply:
        """The answer to the main wish; who wants a person, or to be rid of the bot, gets one."""
        if self.name() != HAND_OFF and (wants_person(turn) or wants_out(turn)):
            if turn.requested is None:
                return end_form() + go_to(HAND_OFF)
            return await self.answer(replace(turn, intent=PERSON))
        told = recalled(turn) if self.name() != HAND_OFF and turn.requested is None else None
        if told is not None:
            return end_form() + told
        if is_data_for_a_wish(turn):
            return with_its_data(turn)
        return Reply() if is_only_wishes(turn) else await self.answer(turn)
