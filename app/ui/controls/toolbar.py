"""The toolbar: a button for each everyday action, its key in its tooltip."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from app.sources.devices import Device
from app.sources.source import Mode
from app.ui.controls.actions import FINISH, PAUSE, PLAY, RECORD, START, STOP, Actions, spoken
from app.ui.controls.camera_chooser import CameraChooser
from app.ui.controls.smoothing_slider import SmoothingSlider
from app.ui.controls.view import Group
from app.ui.look.theme import Theme


class Button(QToolButton):
    """Reached with Tab, not by clicking: after a click the keys still belong to the window."""

    def __init__(self, action: QAction, *, toggle: bool = False) -> None:
        super().__init__()
        self.setDefaultAction(action)
        self.setObjectName(action.objectName())
        self.setProperty("toggle", toggle)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self._action = action
        self._tell()
        action.changed.connect(self._tell)

    def _tell(self) -> None:
        """Screen readers say what the button says now: "Pause" while it pauses, "Finish" while it records."""
        self.setAccessibleName(spoken(self._action.text()))
        self.setAccessibleDescription(self._action.toolTip())


GAP = 6  # pixels between what plays and what is drawn over it


class Toolbar(QWidget):
    """Buttons and menus; `chooser` drops down from its second button, `smoothing` is its slider."""

    def __init__(self, actions: Actions, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setObjectName("toolbar")
        self._actions = actions
        others = actions.open_video, actions.play_sample, actions.open_session, actions.stop
        self.chooser = CameraChooser(theme, [Button(action) for action in others], self)
        actions.cameras.setText("Source \N{BLACK DOWN-POINTING SMALL TRIANGLE}")
        self._camera_button = Button(actions.cameras)
        self._row = row = QHBoxLayout(self)
        row.setContentsMargins(6, 6, 6, 2)
        row.setSpacing(3)
        row.addWidget(self._sized(Button(actions.start), START, STOP, PLAY, PAUSE))
        row.addWidget(self._camera_button)
        row.addSpacing(GAP)
        a = actions
        self._spare: list[QWidget] = [Button(action, toggle=True) for action in self._switches(Group.OVERLAY)]
        self.smoothing = SmoothingSlider(a.smoothing)
        self._spare.insert(0, self.smoothing)  # the first that a narrow window leaves out
        for widget in (*self._spare[1:], self.smoothing):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self._view_button())
        for action in (a.stage, a.keys):
            row.addWidget(Button(action))
        row.addWidget(self._session_button())
        row.addWidget(self._sized(Button(actions.record), RECORD, FINISH))

    def minimumSizeHint(self) -> QSize:  # noqa: N802 (Qt's name)
        """Without what a narrow window leaves out."""
        return QSize(self._widths()[-1], super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 (Qt's name)
        """Leaves out what the menus have too, where the window is too narrow."""
        super().resizeEvent(event)
        widths = self._widths()
        fewer = next((i for i, width in enumerate(widths) if width <= self.width()), len(self._spare))
        for i, widget in enumerate(self._spare):
            widget.setVisible(i >= fewer)

    def _widths(self) -> list[int]:
        """The pixels that it needs with all of its widgets, then with fewer and fewer of the spare ones."""
        row, margins = self._row, self._row.contentsMargins()
        items = [item for i in range(row.count()) if (item := row.itemAt(i)) is not None]
        widgets = [widget for item in items if (widget := item.widget()) is not None]
        whole = margins.left() + margins.right() + GAP
        whole += sum(max(w.sizeHint().width(), w.minimumWidth()) + row.spacing() for w in widgets)
        widths = [whole]
        for widget in self._spare:
            widths.append(widths[-1] - widget.sizeHint().width() - row.spacing())
        return widths

    def drop_down(self, used: Device | None, mode: Mode) -> None:
        """Opens the chooser below its button; `used` is the camera that plays, in this `mode`."""
        below = self._camera_button.mapToGlobal(QPoint(0, self._camera_button.height()))
        self.chooser.drop_down(below, used, mode)

    def _switches(self, group: Group) -> list[QAction]:
        return [action for view, action in self._actions.view.items() if view.group is group]

    def _view_button(self) -> QToolButton:
        a = self._actions
        return self._menu_button(
            "View",
            "Show or hide panels and what is drawn over the picture; mirror (M); why (F2); colours (F8)",
            [*self._switches(Group.PANEL), *self._switches(Group.ASIDE)],
            [*self._switches(Group.OVERLAY), *self._switches(Group.HEAD), a.smoothing],
            [a.why, a.runner_up, a.other_expressions, a.wear],
            [*self._switches(Group.PICTURE), a.full_screen, a.theme],
            [a.stage_shape, a.mimic, a.photo_strip],
            [a.newer_version],
        )

    def _session_button(self) -> QToolButton:
        a = self._actions
        return self._menu_button(
            "Session",
            "Details (J), markers (K, 1 to 9), baseline (L), replay (Y), report (H), streams (F9)",
            [a.details, a.mark, a.undo_marker, a.baseline, a.clear_baseline],
            [a.open_session, a.report, a.verify, a.export, a.open_folder, a.choose_folder],
            [a.study, a.next_participant, a.present, a.present_anew],
            [a.compare, a.measure_files, a.streams],
        )

    def _menu_button(self, name: str, tip: str, *groups: list[QAction]) -> QToolButton:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for group in groups:
            menu.addActions(group)
            menu.addSeparator()
        button = QToolButton()
        button.setText(f"{name} \N{BLACK DOWN-POINTING SMALL TRIANGLE}")
        button.setAccessibleName(name)
        button.setToolTip(tip)
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _sized(self, button: Button, *texts: str) -> Button:
        """Makes it as wide as its widest text, so that nothing moves when the text changes."""
        button.ensurePolished()
        widest = max(button.fontMetrics().horizontalAdvance(text) for text in texts)
        button.setMinimumWidth(widest + 26)
        return button
