"""The palette and the one style sheet of the window, from a theme."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from app.ui.look.theme import Theme


def palette(theme: Theme) -> QPalette:
    """The colours of `theme` for what the style sheet leaves to Qt, such as dialogs."""
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
    """The style sheet of the window in the colours of `theme`."""
    t = theme
    return f"""
    QToolTip {{ color: {t.text}; background: {t.raised}; border: 1px solid {t.line}; padding: 4px; }}
    QToolButton#badge, #toolbar QToolButton, #seek_bar QToolButton,
    #notice_bar QPushButton, #sheet QPushButton {{
        color: {t.text}; background: {t.raised}; border: 1px solid {t.line};
        border-radius: 6px; padding: 4px 10px; }}
    QToolButton#badge:hover, #toolbar QToolButton:hover, #seek_bar QToolButton:hover,
    #notice_bar QPushButton:hover, #sheet QPushButton:hover {{
        border-color: {t.quiet}; }}
    QToolButton#badge:focus, #toolbar QToolButton:focus, #seek_bar QToolButton:focus,
    #notice_bar QPushButton:focus, #sheet QPushButton:focus {{
        border: 2px solid {t.focus}; padding: 3px 9px; }}
    #toolbar QToolButton[toggle="true"], #sheet QPushButton[toggle="true"] {{
        color: {t.quiet}; background: transparent; border-color: transparent; }}
    #toolbar QToolButton[toggle="true"]:hover, #sheet QPushButton[toggle="true"]:hover {{
        border-color: {t.line}; }}
    #toolbar QToolButton[toggle="true"]:checked, #sheet QPushButton[toggle="true"]:checked {{
        color: {t.text}; background: {t.raised}; border-color: {t.line}; }}
    #toolbar QToolButton[toggle="true"]:focus, #sheet QPushButton[toggle="true"]:focus {{
        border-color: {t.focus}; }}
    #toolbar QToolButton#record:checked {{ color: {t.recording}; border-color: {t.recording}; }}
    #sheet QPlainTextEdit {{ color: {t.text}; background: {t.panel}; border: 1px solid {t.line};
        padding: 1px; }}
    #sheet QPlainTextEdit:focus {{ border: 2px solid {t.focus}; padding: 0; }}
    #smoothing QSlider {{ border: 2px solid transparent; border-radius: 6px; min-height: 20px; }}
    #smoothing QSlider:focus {{ border-color: {t.focus}; }}
    #smoothing QSlider::groove:horizontal {{ height: 4px; background: {t.line}; border-radius: 2px; }}
    #smoothing QSlider::sub-page:horizontal {{ background: {t.quiet}; border-radius: 2px; }}
    #smoothing QSlider::handle:horizontal {{ width: 12px; margin: -4px 0; border-radius: 6px;
        background: {t.text}; }}
    QToolButton::menu-indicator {{ image: none; }}
    QMenu {{ color: {t.text}; background: {t.raised}; border: 1px solid {t.line}; padding: 4px; }}
    QMenu::item {{ padding: 5px 22px 5px 22px; border-radius: 4px; }}
    QMenu::item:selected {{ background: {t.line}; }}
    QMenu::item:disabled {{ color: {t.quiet}; }}
    QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
    QSplitter::handle {{ background: transparent; }}
    QSplitter::handle:hover {{ background: {t.line}; }}
    QFrame#notice_bar {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: 6px; }}
    QLabel {{ color: {t.text}; }}
    QScrollBar:vertical {{ background: transparent; border: none; width: 10px; margin: 2px; }}
    QScrollBar:horizontal {{ background: transparent; border: none; height: 10px; margin: 2px; }}
    QScrollBar::handle {{ background: {t.quiet}; border-radius: 3px; min-height: 24px; min-width: 24px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QFrame#chooser {{ background: {t.ground}; border: 1px solid {t.line}; }}
    QFrame#sheet {{ background: {t.raised}; border: 1px solid {t.line}; border-radius: 10px; }}
    """
