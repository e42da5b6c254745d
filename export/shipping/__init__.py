"""From trained weights to what ships: cards, 8-bit integers, and weights back out of a model file."""
