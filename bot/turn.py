"""One turn of a conversation, from the customer's text to the bot's messages.

Rasa's own `MessageProcessor.handle_message` answers with silence when an action fails and saves
the tracker more than once; here a failure of any part fails the turn, and nothing is kept of it.
"""

from __future__ import annotations

import logging
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import ActionExecutionRejected, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.outbox import TurnOutput, joined
from bot.tracker_store import Answer, PostgresTrackerStore

logger = logging.getLogger(__name__)

LONGEST_TEXT = 2_000
LONGEST_RANKING = 5
SHADOW = "shadow:"


class TurnFailed(Exception):
    """A part of the turn did not do its work; nothing a customer wrote is in `part`."""

    def __init__(self, part: str) -> None:
        super().__init__(f"{part} failed")
        self.part = part


def plain(text: str) -> str:
    """The text as words: Rasa would read a leading slash as an intent payload."""
    return text[:LONGEST_TEXT].strip().lstrip("/").strip() or "\uff0f"


def understood(parse_data: dict[str, Any]) -> dict[str, Any]:
    """Intent, ranking and entities in the shape of the channel's answer."""
    keys = ("entity", "value", "start", "end")
    return {
        "intent": {k: parse_data["intent"].get(k) for k in ("name", "confidence")},
        "ranking": [
            {"name": each["name"], "confidence": each["confidence"]}
            for each in parse_data.get("intent_ranking", [])[:LONGEST_RANKING]
        ],
        "entities": [{key: each.get(key) for key in keys} for each in parse_data["entities"]],
    }


class TurnRunner:
    """Plays turns with a loaded agent and our tracker store."""

    def __init__(self, agent: Agent, store: PostgresTrackerStore) -> None:
        self.agent = agent
        self.store = store

    @property
    def processor(self) -> MessageProcessor:
        """The agent's processor. Raises TurnFailed while no model is loaded."""
        if self.agent.processor is None:
            raise TurnFailed("model")
        return self.agent.processor

    async def play(self, conversation_id: str, message_id: str, text: str) -> Answer:
        """The answer to a message; a message that was answered before gets the same answer.

        Raises TurnFailed, or the database's own errors.
        """
        async with self.agent.lock_store.lock(conversation_id):
            stored = await self.store.load(conversation_id)
            if message_id in stored.answers:
                return {**stored.answers[message_id], "repeated": True}
            output = TurnOutput()
            tracker = await self._listening(conversation_id, stored.tracker, output)
            answer = await self._played(tracker, message_id, text, output)
            await self.store.keep(tracker, {**stored.answers, message_id: answer})
            return answer

    async def rehearse(self, conversation_id: str, message_id: str, text: str) -> Answer:
        """What the answer to a message would be; nothing is kept of it.

        Actions know the message by an id that begins with `SHADOW`, and refuse whatever has
        effects: then there is no answer. Raises TurnFailed, or the database's own errors.
        """
        stored = await self.store.load(conversation_id)
        output = TurnOutput()
        tracker = await self._listening(conversation_id, stored.tracker, output)
        return await self._played(tracker, SHADOW + message_id, text, output)

    async def _played(
        self, tracker: DialogueStateTracker, message_id: str, text: str, output: TurnOutput
    ) -> Answer:
        message = UserMessage(
            plain(text), output, tracker.sender_id, input_channel="yiwen", message_id=message_id
        )
        parse_data = await self._hear(tracker, message)
        await self.processor.run_action_extract_slots(output, tracker)
        await self._act(tracker, output)
        if not output.messages:
            raise TurnFailed("dialogue")
        return {
            "messages": joined(output.messages),
            "understood": understood(parse_data),
            "active_form": tracker.active_loop_name,
            "repeated": False,
        }

    async def set_slots(
        self, conversation_id: str, slots: dict[str, Any], *, is_over: bool = False
    ) -> None:
        """Set slots between two turns; names that the domain does not know are left out.

        `is_over`: forms, offers and wishes that waited are dropped first.
        """
        async with self.agent.lock_store.lock(conversation_id):
            stored = await self.store.load(conversation_id)
            before = stored.tracker and (
                self.store.begun_anew(stored.tracker) if is_over else stored.tracker
            )
            tracker = await self._listening(conversation_id, before, TurnOutput())
            known = {slot.name for slot in self.processor.domain.slots}
            for name in slots.keys() & known:
                tracker.update(SlotSet(name, slots[name]), self.processor.domain)
            await self.store.keep(tracker)

    async def _listening(
        self, conversation_id: str, stored: DialogueStateTracker | None, output: TurnOutput
    ) -> DialogueStateTracker:
        tracker = stored or self.store.init_tracker(conversation_id)
        tracker.model_id = self.processor.model_metadata.model_id
        tracker.assistant_id = tracker.assistant_id or self.processor.model_metadata.assistant_id
        await self.processor._update_tracker_session(tracker, output)
        return tracker

    async def _hear(self, tracker: DialogueStateTracker, message: UserMessage) -> dict[str, Any]:
        parse_data: dict[str, Any] = await self.processor.parse_message(message, tracker)
        tracker.update(
            UserUttered(
                message.text,
                parse_data["intent"],
                parse_data["entities"],
                parse_data,
                input_channel=message.input_channel,
                message_id=message.message_id,
                metadata=message.metadata,
            ),
            self.processor.domain,
        )
        return parse_data

    async def _act(self, tracker: DialogueStateTracker, output: TurnOutput) -> None:
        go_on = True
        while go_on and not tracker.is_paused():
            action, prediction = self.processor.predict_next_with_tracker_if_should(tracker)
            go_on = await self._run(action, prediction, tracker, output)

    async def _run(
        self,
        action: Action,
        prediction: PolicyPrediction,
        tracker: DialogueStateTracker,
        output: TurnOutput,
    ) -> bool:
        """Run one action and log it; whether another one may follow."""
        processor = self.processor
        trial = tracker
        if prediction.events:
            # Copying replays every event; without events of the policy nothing could be undone.
            trial = tracker.copy()
            trial.update_with_events(prediction.events, processor.domain)
        try:
            events = await action.run(output, processor.nlg, trial, processor.domain)
        except ActionExecutionRejection:
            tracker.update(
                ActionExecutionRejected(
                    action.name(), prediction.policy_name, prediction.max_confidence
                )
            )
            return True
        except Exception as error:
            raise TurnFailed(action.name()) from error
        processor._log_action_on_tracker(tracker, action, events, prediction)
        await processor.execute_side_effects(events, tracker, output)
        return bool(processor.should_predict_another_action(action.name()))
