"""A message that is nothing but a number gives information, whatever its letters look like."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import (
    ENTITIES,
    INTENT,
    INTENT_NAME_KEY,
    PREDICTED_CONFIDENCE_KEY,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.components.fingerprint import fingerprint_of
from bot.components.intent_reader import INTENT_RANKING, LONGEST_RANKING

GIVES = "provide_info"
NUMBERS = frozenset({"waybill_no", "ticket_no"})
_SURE = 0.99
_BESIDE = re.compile(r"[\W_]|快递单号|运单号?码?|工单号?|单号|号码|[是叫为的呢啊哦喔吧呀了]|这个")
"""What may stand beside a number without saying anything more."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class BareNumberReader(GraphComponent, IntentClassifier):
    """Sets the intent of a bare waybill or ticket number; comes after the extractors."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],  # noqa: ARG003 - Rasa's signature
        model_storage: ModelStorage,  # noqa: ARG003
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> BareNumberReader:
        """Build the component; nothing of it lives in the model."""
        return cls()

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:  # noqa: ARG003
        """Retrain when a helper module changes."""
        return fingerprint_of()

    def process(self, messages: list[Message]) -> list[Message]:
        """Put the intent of bare numbers first in their rankings."""
        for message in messages:
            if is_bare(message.get(TEXT) or "", message.get(ENTITIES, [])):
                ranking = gives_first(message.get(INTENT_RANKING) or [])
                message.set(INTENT, ranking[0], add_to_output=True)
                message.set(INTENT_RANKING, ranking, add_to_output=True)
        return messages


def is_bare(text: str, entities: list[dict[str, Any]]) -> bool:
    """Whether a text says a waybill or ticket number and nothing else."""
    numbers = [each for each in entities if each["entity"] in NUMBERS]
    rest = text
    for each in sorted(numbers, key=lambda entity: int(entity["start"]), reverse=True):
        rest = rest[: each["start"]] + " " + rest[each["end"] :]
    return bool(numbers) and _BESIDE.sub("", rest) == ""


def gives_first(ranking: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the ranking led by `provide_info`; the others divide what is left."""
    share = {each[INTENT_NAME_KEY]: each[PREDICTED_CONFIDENCE_KEY] for each in ranking}
    sure = max(_SURE, share.pop(GIVES, 0.0))
    scale = (1 - sure) / (sum(share.values()) or 1)
    others = {name: each * scale for name, each in share.items() if name is not None}
    pairs = [(GIVES, sure), *others.items()][:LONGEST_RANKING]
    return [{INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: each} for name, each in pairs]
