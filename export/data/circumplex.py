"""Where valence and arousal of the training faces come from: what the window draws with, too."""

from app.stages.circumplex import COORDINATES, SOURCE, expectation

__all__ = ["COORDINATES", "SOURCE", "expectation"]
