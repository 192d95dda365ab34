"""What a text is found by: jieba's words, pairs of characters, numbers and their tails. Pure.

Words weigh most when hits are ranked. The pairs are there so that no word of two characters
is missed where jieba has cut a sentence otherwise than whoever searches would.
"""

from __future__ import annotations

import logging
import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

# jieba is written for Python 2 as well, which every start would complain of.
with warnings.catch_warnings():
    warnings.simplefilter("ignore", SyntaxWarning)
    import jieba

MOST_CHARACTERS = 20_000
MOST_TERMS = 12
PREFIX_FROM = 3
"""A number this long or longer finds those that begin with it."""

_HAN = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_PIECE = re.compile(rf"([{_HAN}]+)|((?:(?![{_HAN}])[^\W_])+)")
_QUOTED = re.compile(r'"([^"]*)"|“([^”]*)”|「([^」]*)」')
_DIGITS = re.compile(r"[0-9]{4,}")
_TAILS = (4, 6)
_LONG_NUMBER = 7
_LONGEST = 40


@cache
def dictionary() -> jieba.Tokenizer:
    """Return jieba with its dictionary, read at the first call, in about half a second."""
    logging.getLogger("jieba").setLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    # jieba's own way writes a cache into the machine's common temporary folder.
    tokenizer.FREQ, tokenizer.total = tokenizer.gen_pfdict(tokenizer.get_dict_file())
    tokenizer.initialized = True
    return tokenizer


def document(texts: Iterable[str]) -> str:
    """Return the `tsvector`, as PostgreSQL reads one, that these texts are found by."""
    whole = "\n".join(texts)[:MOST_CHARACTERS]
    words: dict[str, None] = {}
    others: dict[str, None] = {}
    for han, plain in _pieces(whole):
        if han:
            words.update((word, None) for word in _words_for_search(han) if len(word) > 1)
            others.update((pair, None) for pair in _pairs(han))
            others[han[-1]] = None
        else:
            words[plain] = None
            others.update((number, None) for number in _numbers(plain))
    weighed = [f"{_lexeme(word)}:1A" for word in words]
    return " ".join((*weighed, *(f"{_lexeme(each)}:1" for each in others if each not in words)))


def query(asked: str) -> str | None:
    """Return the `tsquery` for what somebody typed: all of its words; None when it has none.

    What stands in quotation marks must stand in the text just so, as far as pairs of
    characters tell.
    """
    terms: dict[str, None] = {}
    rest = _QUOTED.sub(" ", asked)
    for quoted in (next(filter(None, hit), "") for hit in _QUOTED.findall(asked)):
        terms.update((term, None) for term in _terms(quoted, as_it_stands=True))
    terms.update((term, None) for term in _terms(rest, as_it_stands=False))
    return " & ".join(list(terms)[:MOST_TERMS]) or None


def _terms(text: str, *, as_it_stands: bool) -> Iterator[str]:
    for han, plain in _pieces(text):
        if plain:
            is_begun = len(plain) >= PREFIX_FROM
            yield f"{_lexeme(plain)}:*" if is_begun else _lexeme(plain)
        elif len(han) == 1:
            yield f"{_lexeme(han)}:*"
        else:
            for word in (han,) if as_it_stands else _words_to_find(han):
                yield from map(_lexeme, _pairs(word))


def _words_to_find(han: str) -> Iterator[str]:
    """Yield the words of a query; characters that jieba leaves alone are read together."""
    alone = ""
    for word in dictionary().cut(han):
        if len(word) == 1:
            alone += word
            continue
        if len(alone) > 1:
            yield alone
        alone = ""
        yield word
    if len(alone) > 1:
        yield alone


def _words_for_search(han: str) -> Iterator[str]:
    yield from dictionary().cut_for_search(han)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Yield runs of Chinese characters, and of other letters and digits, half-width, lower."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return ((hit[1] or "", (hit[2] or "")[:_LONGEST]) for hit in _PIECE.finditer(plain))


def _pairs(han: str) -> Iterator[str]:
    return (first + second for first, second in pairwise(han))


def _numbers(plain: str) -> Iterator[str]:
    """Yield the numbers in a piece, and the tails of those long enough to be a phone's."""
    for digits in _DIGITS.findall(plain):
        yield digits
        if len(digits) >= _LONG_NUMBER:
            yield from (digits[-length:] for length in _TAILS)


def _lexeme(token: str) -> str:
    return "'" + token.replace("\\", "\\\\").replace("'", "''") + "'"
