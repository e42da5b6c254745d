"""Valence and arousal held against ratings: figures, and the report."""
