"""Two looks, dark and light, that follow the system; colours, tabular figures, the one style sheet."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QPalette

from app.system.palette import DARK, LIGHT, Theme

__all__ = ["DARK", "LIGHT", "Theme"]  # the rest of the window takes them from here

# Of a head's axes, to its left, up and out of the face, over any picture; on a dark ground of their own.
AXES = ("#ff8f1f", "#f3f0c8", "#3fa0ff")
FAINT = 0.88  # opacity of words that stand behind everything; they can still be read


def of(scheme: Qt.ColorScheme) -> Theme:
    """The look for the system's scheme; dark where the system does not say, so that faces stand out."""
    return LIGHT if scheme == Qt.ColorScheme.Light else DARK


def accent(theme: Theme, face_id: int) -> QColor:
    """A person's own colour, the same in picture, plane, bars and curves."""
    return QColor(theme.person(face_id - 1))


def faded(colour: QColor, alpha: float) -> QColor:
    """`colour` at an opacity of 0..1."""
    result = QColor(colour)
    result.setAlphaF(min(max(alpha, 0.0), 1.0))
    return result


def mixed(colour: QColor, ground: str, share: float) -> QColor:
    """`share` (0..1) of `colour` on `ground`: fades like `faded`, but strokes may overlap."""
    below = QColor(ground)
    parts = zip(colour.getRgb()[:3], below.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(share * top + (1 - share) * under) for top, under in parts))


def figures(font: QFont, scale: float = 1.0, *, bold: bool = False) -> QFont:
    """`font` with figures of one width, so that numbers do not jump."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    result.setBold(bold)
    if font.pixelSize() > 0:  # some systems set pixels instead of points
        result.setPixelSize(round(font.pixelSize() * scale))
    else:
        result.setPointSizeF(font.pointSizeF() * scale)
    return result


def pixels(font: QFont, height: float, *, bold: bool = False) -> QFont:
    """`font` at `height` pixels, for words that grow with a painted widget."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    result.setBold(bold)
    result.setPixelSize(max(8, round(height)))
    return result


def palette(theme: Theme) -> QPalette:
    roles = {
        QPalette.ColorRole.Window: theme.ground, QPalette.ColorRole.WindowText: theme.text,
        QPalette.ColorRole.Base: theme.panel, QPalette.ColorRole.AlternateBase: theme.raised,
        QPalette.ColorRole.Text: theme.text, QPalette.ColorRole.PlaceholderText: theme.quiet,
        QPalette.ColorRole.Button: theme.raised, QPalette.ColorRole.ButtonText: theme.text,
        QPalette.ColorRole.Highlight: theme.focus, QPalette.ColorRole.HighlightedText: theme.ground,
        QPalette.ColorRole.ToolTipBase: theme.raised, QPalette.ColorRole.ToolTipText: theme.text,
        QPalette.ColorRole.Link: theme.focus,
    }  # fmt: skip
    result = QPalette()
    for role, colour in roles.items():
        result.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.ButtonText, QPalette.ColorRole.Text, QPalette.ColorRole.WindowText):
        result.setColor(QPalette.ColorGroup.Disabled, role, QColor(theme.quiet))
    return result


def stylesheet(theme: Theme) -> str:
    t = theme
    return f"""
    QToolTip {{ color: {t.text}; background: {t.raised}; border: 1px solid {t.line}; padding: 4px; }}
    #controls QToolButton, #strip QPushButton, #sheet QPushButton {{
        color: {t.text}; background: {t.raised}; border: 1px solid {t.line};
        border-radius: 6px; padding: 4px 10px; }}
    #controls QToolButton:hover, #strip QPushButton:hover, #sheet QPushButton:hover {{
        border-color: {t.quiet}; }}
    #controls QToolButton:focus, #strip QPushButton:focus, #sheet QPushButton:focus {{
        border: 2px solid {t.focus}; padding: 3px 9px; }}
    #controls QToolButton[toggle="true"], #sheet QPushButton[toggle="true"] {{
        color: {t.quiet}; background: transparent; border-color: transparent; }}
    #controls QToolButton[toggle="true"]:hover, #sheet QPushButton[toggle="true"]:hover {{
        border-color: {t.line}; }}
    #controls QToolButton[toggle="true"]:checked, #sheet QPushButton[toggle="true"]:checked {{
        color: {t.text}; background: {t.raised}; border-color: {t.line}; }}
    #controls QToolButton[toggle="true"]:focus, #sheet QPushButton[toggle="true"]:focus {{
        border-color: {t.focus}; }}
    #controls QToolButton#record:checked {{ color: {t.recording}; border-color: {t.recording}; }}
    #sheet QPlainTextEdit {{ color: {t.text}; background: {t.panel}; border: 1px solid {t.line};
        padding: 1px; }}
    #sheet QPlainTextEdit:focus {{ border: 2px solid {t.focus}; padding: 0; }}
    #calm QSlider {{ border: 2px solid transparent; border-radius: 6px; min-height: 20px; }}
    #calm QSlider:focus {{ border-color: {t.focus}; }}
    #calm QSlider::groove:horizontal {{ height: 4px; background: {t.line}; border-radius: 2px; }}
    #calm QSlider::sub-page:horizontal {{ background: {t.quiet}; border-radius: 2px; }}
    #calm QSlider::handle:horizontal {{ width: 12px; margin: -4px 0; border-radius: 6px;
        background: {t.text}; }}
    QToolButton::menu-indicator {{ image: none; }}
    QMenu {{ color: {t.text}; background: {t.raised}; border: 1px solid {t.line}; padding: 4px; }}
    QMenu::item {{ padding: 5px 22px 5px 22px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {t.line}; }}
    QMenu::item:disabled {{ color: {t.quiet}; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
    QSplitter::handle {{ background: transparent; }}
    QSplitter::handle:hover {{ background: {t.line}; }}
    QFrame#strip {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: 6px; }}
    QLabel {{ color: {t.text}; }}
    QScrollBar:vertical {{ background: transparent; border: none; width: 10px; margin: 2px; }}
    QScrollBar:horizontal {{ background: transparent; border: none; height: 10px; margin: 2px; }}
    QScrollBar::handle {{ background: {t.quiet}; border-radius: 3px; min-height: 24px; min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QFrame#chooser {{ background: {t.ground}; border: 1px solid {t.line}; }}
    QFrame#sheet {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: 10px; }}
    """
