"""In which order one participant sees the stimuli: the same for the same seed, on every computer."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from app.study.playlist import Order, Playlist, Stimulus


def stimuli_for(playlist: Playlist, number: int) -> tuple[Stimulus, ...]:
    """The stimuli of `playlist` in the order for the participant with `number`, from 1.

    Pauses and `fixed` stimuli keep their places; the others change places among themselves.
    """
    moving = [i for i, stimulus in enumerate(playlist.stimuli) if not _stays(stimulus)]
    if playlist.order is Order.RANDOM:
        places = _shuffled(moving, playlist.seed, number)
    elif playlist.order is Order.COUNTERBALANCED:
        places = [moving[i] for i in balanced_row(len(moving), number - 1)]
    else:
        places = moving
    shown = list(playlist.stimuli)
    for place, taken in zip(moving, places, strict=True):
        shown[place] = playlist.stimuli[taken]
    return tuple(shown)


def balanced_row(count: int, row: int) -> tuple[int, ...]:
    """Row `row`, from 0, of a balanced Latin square of 0 .. `count` - 1; after the last row it begins anew.

    Over all rows each number stands equally often at each place, and follows each other number equally
    often. There are `count` rows, for an odd `count` twice as many (Williams 1949, Experimental designs
    balanced for the estimation of residual effects of treatments, section 4).
    """
    if not count:
        return ()
    zigzag = [i // 2 if i % 2 == 0 else count - (i + 1) // 2 for i in range(count)]
    found = tuple((i + row) % count for i in zigzag)
    return found[::-1] if count % 2 and row // count % 2 else found


def _shuffled(places: Sequence[int], seed: int, number: int) -> list[int]:
    """A hash gives the order, since Python promises no sequence of random numbers for all versions."""

    def key(place: int) -> bytes:
        return hashlib.sha256(f"{seed} {number} {place}".encode()).digest()

    return sorted(places, key=key)


def _stays(stimulus: Stimulus) -> bool:
    return stimulus.fixed or stimulus.kind.is_pause
