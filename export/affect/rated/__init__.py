"""Valence and arousal held against ratings, and a linear readout that speaks for unrated faces."""
