"""Faces that are made, not photographed: mean faces of the sample clip, and faces with another expression."""
