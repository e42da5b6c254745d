"""A column of few words as one small number for each row, since a text takes fifty times the memory."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from app.sessions.info import SessionError
from app.sessions.schema.column import Values
from app.sessions.schema.limits import MOST_WORDS

Codes = NDArray[np.uint8]


class WordCodes:
    """Gives each new word the next number. Attributes: `words`, in the order of their numbers."""

    def __init__(self, column: str, first: Iterable[str] = ()) -> None:
        """`column` is named where there are too many words; those of `first` have numbers already."""
        self._column = column
        self._known: dict[str, int] = {}
        self.words: list[str] = []
        for word in first:
            self._number(word)

    def of(self, texts: Values) -> Codes:
        """The number of each of `texts` (n,). Raises SessionError above MOST_WORDS different ones."""
        known = self._known
        found = texts.tolist()
        for word in set(found) - known.keys():
            self._number(word)
        return np.fromiter((known[word] for word in found), np.uint8, len(found))

    def _number(self, word: str) -> None:
        if word in self._known:
            return
        if len(self.words) >= MOST_WORDS:
            raise SessionError(
                f"The column {self._column} has more than {MOST_WORDS} different words: Mien did not write "
                "it, or it was edited."
            )
        self._known[word] = len(self.words)
        self.words.append(word)
