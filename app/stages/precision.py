"""Which card holds the affect network of each precision."""

from types import MappingProxyType

from app.types import PRECISIONS

CARDS = MappingProxyType(dict(zip(PRECISIONS, ("affect", "affect-float32"), strict=True)))
"""The name of the card in `models/`, by precision."""
