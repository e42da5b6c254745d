"""The entries of a table of `study.toml`, taken out one by one; what nobody takes is refused, not lost."""

from __future__ import annotations

import datetime
import math
from collections.abc import Sequence
from typing import Any

from app.sessions.schema.limits import UNSHOWN

LONGEST = 20_000  # characters of a text
MOST_DIGITS = 10**12


class EntryError(ValueError):
    """An entry does not fit; the text is a clause that names it."""


class Entries:
    """One table while it is read."""

    def __init__(self, said: object, where: str) -> None:
        """`where` names the table in sentences, such as "participant 3". Raises EntryError for no table."""
        if not isinstance(said, dict):
            raise EntryError(f"{where} is no table")
        self._left: dict[str, Any] = dict(said)
        self._where = where

    def text(self, name: str, default: str | None = "") -> str:
        """A text; `default` None says that it must be there. Raises EntryError."""
        return self._text(name, self._take(name, default))

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of texts, empty by default. Raises EntryError."""
        found = self._take(name, [])
        if not isinstance(found, list):
            raise EntryError(f"{name} of {self._where} is no list")
        return tuple(self._text(name, part) for part in found)

    def whole(self, name: str, default: int, low: int = -MOST_DIGITS, high: int = MOST_DIGITS) -> int:
        """A whole number from `low` to `high`. Raises EntryError."""
        found = self._take(name, default)
        if not isinstance(found, int) or isinstance(found, bool) or not low <= found <= high:
            raise EntryError(f"{name} of {self._where} is no whole number from {low} to {high}")
        return found

    def seconds(self, name: str) -> float | None:
        """A duration of more than 0, None by default. Raises EntryError."""
        found = self._take(name, None)
        if found is None:
            return None
        if not isinstance(found, int | float) or isinstance(found, bool) or not 0 < found <= 1e6:
            raise EntryError(f"{name} of {self._where} is no number of seconds")
        return float(found)

    def yes(self, name: str, default: bool) -> bool:
        """true or false. Raises EntryError."""
        found = self._take(name, default)
        if not isinstance(found, bool):
            raise EntryError(f"{name} of {self._where} is neither true nor false")
        return found

    def day(self, name: str) -> datetime.date | None:
        """A date, None by default; of a date with a time, its day. Raises EntryError."""
        found = self._take(name, None)
        if isinstance(found, datetime.datetime):
            return found.date()
        if found is not None and not isinstance(found, datetime.date):
            raise EntryError(f"{name} of {self._where} is no date such as 2026-03-01")
        return found

    def one_of(self, name: str, words: Sequence[str], default: str | None) -> str:
        """One of `words`; `default` None says that it must be there. Raises EntryError."""
        found = self.text(name, default)
        if found not in words:
            raise EntryError(f"{name} of {self._where} is {found[:40]!r}, not one of {', '.join(words)}")
        return found

    def tables(self, name: str, called: str, most: int) -> list[Entries]:
        """The tables [[name]], none by default; `called` names one in sentences. Raises EntryError."""
        found = self._take(name, [])
        if not isinstance(found, list):
            raise EntryError(f"{name} of {self._where} must be written as [[{name}]]")
        if len(found) > most:
            raise EntryError(f"{self._where} has more than {most:,} tables [[{name}]]")
        return [Entries(part, f"{called} {i}") for i, part in enumerate(found, 1)]

    def table(self, name: str) -> Entries:
        """The table [name], empty by default. Raises EntryError."""
        return Entries(self._take(name, {}), f"{name} of {self._where}")

    def pairs(self) -> tuple[tuple[str, str], ...]:
        """All that is left as texts: names and values; a number or a date as it is written.

        Raises EntryError.
        """
        found = tuple((self._text(name, name), self._value(name, self._left[name])) for name in self._left)
        self._left.clear()
        return found

    def refuse_rest(self) -> None:
        """Raises EntryError where an entry was not taken."""
        if self._left:
            name = next(iter(self._left))
            raise EntryError(f"{self._where} has an entry {name[:60]!r}, which this Mien does not know")

    def _take(self, name: str, default: Any) -> Any:
        return self._left.pop(name, default)

    def _value(self, name: str, found: object) -> str:
        if isinstance(found, bool):
            return "true" if found else "false"
        if isinstance(found, float) and not math.isfinite(found):
            raise EntryError(f"{name} of {self._where} is no number")
        if isinstance(found, int | float | datetime.date | datetime.time):
            return str(found)
        return self._text(name, found)

    def _text(self, name: str, found: object) -> str:
        if found is None:
            raise EntryError(f"{self._where} has no {name}")
        if not isinstance(found, str):
            raise EntryError(f'{name[:60]} of {self._where} is no text: put it in quotes, as in "7"')
        if len(found) > LONGEST:
            raise EntryError(f"{name[:60]} of {self._where} has more than {LONGEST} characters")
        return UNSHOWN.sub(" ", found)
