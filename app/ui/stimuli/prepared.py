"""One stimulus, loaded ahead so that it begins at once when its turn comes."""

from __future__ import annotations

from pathlib import Path

from app.study.playlist import Stimulus, StimulusKind
from app.system import clock
from app.ui.stimuli.film import Film
from app.ui.stimuli.screen import StimulusScreen
from app.ui.stimuli.sound import Sound, no_sound


class PreparedStimulus:
    """Attribute: `stimulus`. A video without a player of sounds is silent."""

    def __init__(self, stimulus: Stimulus, path: Path) -> None:
        """Begins to load the file at `path`, which a pause has none of."""
        self.stimulus = stimulus
        kind = stimulus.kind
        self._film = Film(path) if kind.is_visible else None
        heard = kind is StimulusKind.SOUND or (kind is StimulusKind.VIDEO and not no_sound(path))
        self._sound = Sound(path) if heard else None

    @property
    def ready(self) -> bool:
        """Whether it can begin, or has a problem."""
        parts = (self._film, self._sound)
        return bool(self.problem) or all(part is None or part.ready for part in parts)

    @property
    def problem(self) -> str:
        """One sentence: why it cannot be presented; else ""."""
        if self._film is not None and self._film.problem:
            return self._film.problem
        if self._sound is not None and self.stimulus.kind is StimulusKind.SOUND:
            return self._sound.problem
        return ""

    def begin(self, screen: StimulusScreen) -> float:
        """Shows it on `screen`; when it was shown, in s of clock.now. A sound begins at that moment."""
        if self.stimulus.kind is StimulusKind.FIXATION:
            shown = screen.show_cross()
        elif self._film is not None and (image := self._film.due(0.0)) is not None:
            shown = screen.show_picture(image)
        else:
            shown = screen.show_nothing()
        if self._sound is not None:
            self._sound.play()
            if self.stimulus.kind is StimulusKind.SOUND:
                shown = clock.now()
        return shown

    def go_on(self, screen: StimulusScreen, passed: float) -> None:
        """Shows the picture that is due, `passed` s after the beginning."""
        if self._film is not None and (image := self._film.due(passed)) is not None:
            screen.show_picture(image)

    def is_over(self, passed: float) -> bool:
        """Whether it ends, `passed` s after its beginning."""
        if self.stimulus.seconds is not None:
            return passed >= self.stimulus.seconds
        if self._film is not None:
            return self._film.ended and passed >= self._film.length
        return self._sound is None or self._sound.ended

    def close(self) -> None:
        """Lets its file go."""
        for part in (self._film, self._sound):
            if part is not None:
                part.close()
