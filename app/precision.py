"""How exactly the affect network counts: what there is to choose from."""

from app.types import Effort

# The cards by their precision. The first is used unless somebody chooses otherwise: 8-bit arithmetic needs
# a third of the time and is right as often (see the cards).
CARDS = {"int8": "affect", "float32": "affect-float32"}
STANDARD = Effort().precision
AUTOMATIC = "auto"  # of the window: as much for each frame as the machine can bear, see `tune`
CHOICES = (AUTOMATIC, *CARDS)
