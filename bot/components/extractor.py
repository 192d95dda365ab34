"""The base of our rule-based entity extractors."""

from __future__ import annotations

from abc import abstractmethod
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.components.fingerprint import fingerprint_of
from bot.components.found import Found, Span


class RuleBasedExtractor(GraphComponent, EntityExtractorMixin):
    """Adds what `find` finds; spans that an earlier component took are left alone."""

    def __init__(self, config: dict[str, Any]) -> None:
        self.config = {**self.get_default_config(), **config}

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,  # noqa: ARG003 - Rasa's signature
        resource: Resource,  # noqa: ARG003
        execution_context: ExecutionContext,  # noqa: ARG003
    ) -> RuleBasedExtractor:
        """Build the component; nothing of it lives in the model."""
        return cls(config)

    @classmethod
    def data_files(cls, config: dict[str, Any]) -> list[str]:  # noqa: ARG003
        """Paths of the data this component reads, relative to the working directory."""
        return []

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrain when a helper module or a data file changes."""
        return fingerprint_of(cls.data_files({**cls.get_default_config(), **config}))

    @abstractmethod
    def find(self, text: str, taken: list[Span]) -> list[Found]:
        """Everything in `text` that is not part of a `taken` span."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the found entities to each message."""
        for message in messages:
            known = message.get(ENTITIES, [])
            taken = [(entity["start"], entity["end"]) for entity in known]
            found = self.find(message.get(TEXT) or "", taken)
            added = [each.as_entity(type(self).__name__) for each in found]
            message.set(ENTITIES, known + added, add_to_output=True)
        return messages
