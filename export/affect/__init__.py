"""The task of expression, valence and arousal: its data, networks, figures and reports."""
