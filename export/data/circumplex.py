"""Where valence and arousal of the training faces come from: the same table with which the window draws."""

from app.stages.circumplex import COORDINATES, SOURCE, expectation

__all__ = ["COORDINATES", "SOURCE", "expectation"]
