"""From trained weights to what ships: cards, and networks in 8-bit integers."""
