"""The colours that the window and the report share: people, dark and light grounds, text, lines.

To change the colour of a person, change `people` in DARK and in LIGHT. DARK colours the dark window and the
overlay on every picture; LIGHT, with darker shades, colours the light window and every page of a report.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as #rrggbb. Colour-blind eyes tell `people` apart, the first six well; tests/ui/look simulates
    it."""

    ground: str  # behind everything
    panel: str  # behind a picture or a plot
    raised: str  # buttons
    line: str  # frames and grids
    text: str
    quiet: str  # text that must not compete with the faces
    focus: str  # the ring around the widget that has the keyboard
    warning: str
    good: str
    recording: str
    people: tuple[str, ...]  # the first person's colour first; after the last colour comes the first again

    def person(self, index: int) -> str:
        """The colour, as #rrggbb, of the person (or condition) number `index`, counted from 0."""
        return self.people[index % len(self.people)]


DARK = Theme(
    ground="#0e1014", panel="#14171c", raised="#20252d", line="#2c323c", text="#e4e7ec", quiet="#99a1ad",
    focus="#8ab8ff", warning="#f0b44a", good="#6fd693",
    recording="#ff5a52",
    people=(
        "#56c7ff", "#ffb000", "#e8488a", "#b6f7c1", "#8a6cff", "#a8602a", "#bfaf6f", "#bf1faf",
        "#8f1fff", "#9fafbf", "#6f6f4f", "#5f8fdf", "#ef7f1f", "#007f6f", "#9f8fbf", "#9f2fcf",
    ),
)  # fmt: skip
LIGHT = Theme(
    ground="#eceef1", panel="#ffffff", raised="#f7f8fa", line="#cdd2d9", text="#1b1f26", quiet="#5b6472",
    focus="#1f66d0", warning="#9a5b00", good="#1a7f43",
    recording="#c8231c",
    people=(
        "#0395ff", "#b98b00", "#f42a9c", "#054d48", "#50049e", "#a74927", "#001fff", "#bf2fbf",
        "#6f1f6f", "#7f8f5f", "#8f3fff", "#4f7f8f", "#ff2f4f", "#8f001f", "#bf2f6f", "#bf3f00",
    ),
)  # fmt: skip
