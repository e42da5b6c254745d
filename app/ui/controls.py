"""The bar at the top: a button for each everyday action, its key in its tooltip."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from app.devices import Device
from app.ui.actions import FINISH, PAUSE, RECORD, START, STOP, TABLE, Actions


class Button(QToolButton):
    """Reached with Tab, not by clicking: after a click the keys still belong to the window."""

    def __init__(self, action: QAction, *, toggle: bool = False) -> None:
        super().__init__()
        self.setDefaultAction(action)
        self.setObjectName(action.objectName())
        self.setProperty("toggle", toggle)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextOnly)
        self.setAccessibleName(TABLE[action.objectName()].name)
        self.setAccessibleDescription(action.toolTip())

    def event(self, event: QEvent) -> bool:
        """The space bar presses the button that has the focus, although the window knows that key too."""
        pressed = isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Space
        if pressed and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)


class Controls(QWidget):
    camera_chosen = Signal(object)  # Device
    cameras_wanted = Signal()

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setObjectName("controls")
        self._actions = actions
        self._cameras = QMenu(self)
        self._cameras.setAccessibleName("Cameras and videos")
        self._cameras.aboutToShow.connect(self.cameras_wanted)
        self._camera_button = self._menu_button(actions.cameras, self._cameras)
        actions.cameras.triggered.connect(self._drop_down)
        panels = QMenu(self)
        for action in (actions.show_plane, actions.show_bars, actions.show_curves, actions.full_screen):
            panels.addAction(action)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 6, 6, 2)
        row.setSpacing(3)
        row.addWidget(self._sized(Button(actions.start), START, STOP, PAUSE))
        row.addWidget(self._camera_button)
        row.addSpacing(6)
        a = actions
        for action in (a.boxes, a.eyes, a.words, a.ids, a.mirror, a.smoothing):
            row.addWidget(Button(action, toggle=True))
        row.addStretch(1)
        panels_button = QToolButton()
        panels_button.setText("View \N{BLACK DOWN-POINTING SMALL TRIANGLE}")
        panels_button.setAccessibleName("Panels")
        panels_button.setToolTip("Show or hide the plane (V), the bars (X) and the curves (T)")
        panels_button.setMenu(panels)
        panels_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        panels_button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        row.addWidget(panels_button)
        for action in (a.stage, a.keys):
            row.addWidget(Button(action))
        row.addWidget(self._session_button())
        row.addWidget(self._sized(Button(actions.record), RECORD, FINISH))
        self.show_cameras((), known=False)

    def show_cameras(self, cameras: Iterable[Device], *, known: bool = True) -> None:
        """Fills the camera menu; without `known` it says that they are being looked for."""
        menu = self._cameras
        menu.clear()
        found = list(cameras)
        for camera in found:
            menu.addAction(camera.name).triggered.connect(
                lambda _=False, device=camera: self.camera_chosen.emit(device)
            )
        if not found:
            menu.addAction("No camera found" if known else "Looking for cameras").setEnabled(False)
        menu.addSeparator()
        menu.addAction(self._actions.open_video)
        menu.addAction(self._actions.play_sample)
        menu.addAction(self._actions.open_session)

    def _drop_down(self) -> None:
        self._cameras.popup(self._camera_button.mapToGlobal(QPoint(0, self._camera_button.height())))

    def _session_button(self) -> QToolButton:
        a, menu = self._actions, QMenu(self)
        for action in (
            a.details, a.mark, a.take_back, a.baseline, a.report, a.open_folder, a.choose_folder,
            a.open_session,
        ):  # fmt: skip
            menu.addAction(action)
        button = QToolButton()
        button.setText("Session \N{BLACK DOWN-POINTING SMALL TRIANGLE}")
        button.setAccessibleName("Session")
        button.setToolTip("Details (J), markers (K, 1 to 9), neutral faces (L), report (H), replay (Y)")
        button.setMenu(menu)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _menu_button(self, action: QAction, menu: QMenu) -> Button:
        button = Button(action)
        action.setText("Source \N{BLACK DOWN-POINTING SMALL TRIANGLE}")
        return button

    def _sized(self, button: Button, *texts: str) -> Button:
        """As wide as the widest of its texts, so that the bar stands still when it changes."""
        button.ensurePolished()
        widest = max(button.fontMetrics().horizontalAdvance(text) for text in texts)
        button.setMinimumWidth(widest + 26)
        return button
