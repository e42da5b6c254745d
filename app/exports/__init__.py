"""A recorded session in the formats of other programs."""
