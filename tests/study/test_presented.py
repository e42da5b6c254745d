"""Where a participant goes on in the playlist, by what their sessions say was presented."""

from __future__ import annotations

import pytest

from app.sessions.event import Event
from app.study.playlist import Stimulus, StimulusKind
from app.study.presented import goes_on_at

ORDER = (
    Stimulus("fixation", StimulusKind.FIXATION, seconds=1.0),
    Stimulus("cat", StimulusKind.PICTURE, "cat.png", 1.0),
    Stimulus("fixation", StimulusKind.FIXATION, seconds=1.0),
    Stimulus("wall", StimulusKind.PICTURE, "wall.png", 1.0),
)


def session(*words: str) -> list[Event]:
    """Of a name, the events that it began and ended; of "-name" that it was skipped; of "name!" no end."""
    events = []
    for i, word in enumerate(words):
        name = word.strip("-!")
        events.append(Event(2.0 * i, "stimulus_skipped" if word[0] == "-" else "stimulus_started", name))
        if word[-1] != "!" and word[0] != "-":
            events.append(Event(2.0 * i + 1, "stimulus_ended", name))
    return events


@pytest.mark.parametrize(
    ("sessions", "at"),
    [
        ([], 0),
        ([session()], 0),
        ([session("fixation")], 1),
        ([session("fixation", "cat!")], 2),
        ([session("fixation", "cat", "fixation!")], 3),
        ([session("fixation", "cat"), session("fixation", "wall")], 0),
        ([session("fixation", "cat"), session("fixation")], 3),
        ([session("fixation", "-cat")], 2),
        ([session("fixation", "cat", "fixation", "wall"), session("fixation", "cat")], 2),
        ([session("fixation", "cat", "fixation", "gone")], 3),
    ],
)
def test_it_goes_on_after_the_last_one_that_began(sessions, at):
    assert goes_on_at(ORDER, sessions) == at


def test_an_empty_playlist_begins_at_its_beginning():
    assert goes_on_at((), [session("cat")]) == 0
