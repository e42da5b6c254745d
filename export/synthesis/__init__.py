"""Faces that are made, not photographed: the mean faces of the bundled sample clip."""
