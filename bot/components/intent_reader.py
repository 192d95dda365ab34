"""Rasa's component around our intent model: the intent of a message, and its further wishes."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import joblib
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.components.clauses import clauses
from bot.components.fingerprint import fingerprint_of
from bot.components.folded import folded
from bot.components.intent_model import IntentModel, Recipe, ranked
from bot.components.plain_text import plain
from bot.components.wishes import Wish, WishTable, first_told, further_wishes, promoted

Ranking = list[tuple[str, float]]

INTENT_RANKING = "intent_ranking"
WISHES = "wishes"
LONGEST_RANKING = 10
_FILE = "intent_model.joblib"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentReader(GraphComponent, IntentClassifier):
    """Sets `intent`, `intent_ranking` and `wishes` of each message."""

    def __init__(
        self,
        config: dict[str, Any],
        storage: ModelStorage,
        resource: Resource,
        model: IntentModel | None = None,
    ) -> None:
        self.config = config
        self.model = model
        self.table = WishTable.read(config["wishes"])
        self._storage = storage
        self._resource = resource

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """What the model is made of, which wishes belong together, and more words for jieba."""
        return {
            **asdict(Recipe()),
            "wishes": "nlu_data/lookups/wishes.yml",
            "dictionary": "nlu_data/dictionaries/express.txt",
        }

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Retrain when a helper module, the table of wishes or jieba's words change."""
        merged = {**cls.get_default_config(), **config}
        return fingerprint_of([merged["wishes"], merged["dictionary"]])

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003 - Rasa's signature
    ) -> IntentReader:
        """An untrained reader."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,  # noqa: ARG003
        **kwargs: Any,  # noqa: ARG003
    ) -> IntentReader:
        """The trained reader of a model; its first sentence is read here, not by a customer."""
        with model_storage.read_from(resource) as folder:
            model: IntentModel = joblib.load(folder / _FILE)
        model.shares([""])
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        """Learn from all examples that have an intent."""
        pairs = [(each.get(TEXT), each.get(INTENT)) for each in training_data.intent_examples]
        texts, intents = zip(*((text, intent) for text, intent in pairs if text), strict=True)
        recipe = Recipe(**{name: self.config[name] for name in asdict(Recipe())})
        dictionary = Path(self.config["dictionary"]).read_text(encoding="utf-8").splitlines()
        self.model = IntentModel(recipe, dictionary).fit(texts, intents)
        with self._storage.write_to(self._resource) as folder:
            joblib.dump(self.model, folder / _FILE, compress=3)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message and its parts in one go."""
        for message in messages:
            text = message.get(TEXT)
            if self.model is None or text is None:
                continue
            ranking, wishes = self._read(self.model, text) if plain(text) else ([], [])
            named = [_named(*pair) for pair in ranking[:LONGEST_RANKING]]
            message.set(INTENT, named[0] if named else _named(None, 0.0), add_to_output=True)
            message.set(INTENT_RANKING, named, add_to_output=True)
            message.set(WISHES, wishes, add_to_output=True)
        return messages

    def _read(self, model: IntentModel, text: str) -> tuple[Ranking, list[Wish]]:
        found = clauses(folded(text))
        parts = found if len(found) > 1 else []
        shares = model.shares([text, *(part.text for part in parts)])
        ranking = ranked(model.intents, shares[0])
        best = [ranked(model.intents, row)[0] for row in shares[1:]]
        read = [(part, *intent) for part, intent in zip(parts, best, strict=True)]
        first = first_told(ranking[0][0], read, self.table)
        main, wishes = promoted(first, further_wishes(first, read, self.table), self.table)
        if main != ranking[0][0] or wishes:
            sure = max((share for _, intent, share in read if intent == main), default=0.0)
            ranking = led_by(main, sure, ranking)
        return ranking, wishes


def led_by(main: str, sure: float, ranking: Ranking) -> Ranking:
    """The ranking with `main` first and its share at least `sure`; the others divide the rest.

    Several wishes share a message among themselves; that is no doubt about any of them.
    """
    others = [pair for pair in ranking if pair[0] != main]
    share = max(sure, dict(ranking)[main])
    scale = (1 - share) / (sum(each for _, each in others) or 1)
    return [(main, share), *((name, each * scale) for name, each in others)]


def _named(intent: str | None, share: float) -> dict[str, Any]:
    return {INTENT_NAME_KEY: intent, PREDICTED_CONFIDENCE_KEY: share}
