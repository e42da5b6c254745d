"""What an analysis is asked for: where the rows go, and what makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from app.sources.selection import ALL, Selection
from app.stages.detectors import DEFAULT_DETECTOR
from app.types import DEFAULT_MAX_FACES

if TYPE_CHECKING:
    from app.stages.pipeline import Pipeline

LoadPipeline = Callable[[bool], "Pipeline"]  # gives a fresh pipeline; True: for a single picture


@dataclass(frozen=True, slots=True)
class AnalysisOptions:
    """How files are analysed; a plain value, which can be sent to another process."""

    out: Path  # folder in which each file gets a session folder
    models: Path  # folder of the networks and their cards
    max_faces: int = DEFAULT_MAX_FACES  # of a frame that are measured, 1 to MOST_FACES
    affect: str = "affect"  # name of the affect network's card
    explain: bool = False  # also write a heat map of each person's strongest moment
    detector: str = DEFAULT_DETECTOR  # one of `detectors.DETECTORS`
    selection: Selection = ALL  # which frames are measured, and which way up
    json: bool = False  # what is printed is one JSON object a line
    spooled: Path | None = None  # the file that standard input was written to, which is not kept

    def pipelines(self) -> LoadPipeline:
        """What gives a fresh pipeline for each file, as often as it is asked; the networks are loaded once.

        With True it is for a single picture. It raises ModelError and MissingExtra.
        """
        from app.stages.networks import (
            LoadedNetworks,
        )  # slow to load, and not needed to start other processes
        from app.stages.pipeline import Pipeline

        networks = LoadedNetworks()

        def fresh(still: bool) -> Pipeline:
            return Pipeline.load(
                self.models, self.max_faces, still=still, affect=(self.affect,), detector=self.detector,
                load=networks,
            )  # fmt: skip

        return fresh
