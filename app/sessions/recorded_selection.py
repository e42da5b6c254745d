"""Which frames were measured, as `settings` in `session.json` says it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

from app.sources.selection import ALL, FASTEST, LONGEST, MOST_EVERY, SLOWEST, TURNS, Selection


def to_settings(selection: Selection) -> Mapping[str, float]:
    """What of `selection` differs from the default, by name."""
    return {name: value for name, value in asdict(selection).items() if value != getattr(ALL, name)}


def from_settings(settings: Mapping[str, object]) -> Selection:
    """The selection that the settings of a session name. Raises ValueError where somebody edited them."""
    every, rotate = settings.get("every", 1), settings.get("rotate", 0)
    rate, seconds, as_clip = (_number(settings.get(name, 0.0)) for name in ("rate", "seconds", "as_clip"))
    if type(every) is not int or not 1 <= every <= MOST_EVERY:
        raise ValueError(f"every is {every!r:.40}")
    if type(rotate) is not int or rotate not in (0, *TURNS):
        raise ValueError(f"rotate is {rotate!r:.40}")
    if not 0 <= rate <= FASTEST or not 0 <= seconds <= LONGEST:
        raise ValueError(f"rate is {rate:g}, seconds is {seconds:g}")
    if as_clip and not SLOWEST <= as_clip <= FASTEST:
        raise ValueError(f"as_clip is {as_clip:g}")
    return Selection(every, rate, rotate, seconds, as_clip)


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{value!r:.40} is no number")
    return float(value)
