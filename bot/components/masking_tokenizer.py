"""jieba's tokens, with long numbers understood by their kind rather than by their digits."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.tokenizers.jieba_tokenizer import JiebaTokenizer
from rasa.nlu.tokenizers.tokenizer import Token
from rasa.shared.nlu.training_data.message import Message

from bot.components.fingerprint import fingerprint_of
from bot.components.halfwidth import halfwidth

# The first pattern that fits names the token; the names are never seen by anyone but the features.
MASKS: Mapping[str, re.Pattern[str]] = {
    "ticketno": re.compile(r"[Tt]\d{14}"),
    "phoneno": re.compile(r"1[3-9]\d{9}"),
    "waybillno": re.compile(r"[A-Za-z]{0,5}\d[0-9A-Za-z]{6,}|[A-Za-z]{2,5}\d{5,}"),
    "fourdigits": re.compile(r"\d{4}"),
    "digits": re.compile(r"\d+"),
}


def masked(text: str) -> str:
    """The kind of a number, or the text itself."""
    folded = halfwidth(text)
    return next((name for name, pattern in MASKS.items() if pattern.fullmatch(folded)), folded)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=True)
class MaskingJiebaTokenizer(JiebaTokenizer):
    """Gives each token a lemma, from which the count vectors are made."""

    @classmethod
    def fingerprint_addon(cls, config: dict[str, object]) -> str | None:  # noqa: ARG003
        """Retrain when a helper module changes."""
        return fingerprint_of()

    def tokenize(self, message: Message, attribute: str) -> list[Token]:
        """Tokens with their places in the customer's text."""
        tokens: list[Token] = super().tokenize(message, attribute)
        return [
            Token(token.text, token.start, token.end, token.data, lemma=masked(token.text))
            for token in tokens
        ]
