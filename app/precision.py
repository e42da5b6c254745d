"""How exactly the affect network counts: what there is to choose from."""

# The cards by their precision. The first is used unless somebody chooses otherwise: 8-bit arithmetic needs
# a third of the time and is right as often (see the cards), but processors without VNNI (most before 2019)
# let its sums overflow, and then it errs more, while 32-bit numbers come out alike everywhere.
CARDS = {"float32": "affect", "int8": "affect-int8"}
STANDARD = "float32"
AUTOMATIC = "auto"  # of the window: as exactly as the machine can bear, see `tune`
CHOICES = (AUTOMATIC, *CARDS)
