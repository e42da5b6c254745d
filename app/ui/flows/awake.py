"""Keeps the screen from going blank while an audience looks at it."""

from __future__ import annotations

from PySide6.QtDBus import QDBusConnection, QDBusMessage

NAME, PATH = "org.freedesktop.ScreenSaver", "/org/freedesktop/ScreenSaver"
CONNECTION = "mien-stage"  # of its own: the wish ends with it


class Awake:
    """On desktops that answer to org.freedesktop.ScreenSaver; elsewhere it does nothing."""

    def __init__(self) -> None:
        self._kept = False

    def keep(self, on: bool) -> None:
        """Asks that the screen stays on, or no more.

        It waits for the session bus of the desktop, which answers at once, not for the screen saver.
        """
        if on == self._kept:
            return
        self._kept = on
        if not on:
            QDBusConnection.disconnectFromBus(CONNECTION)
            return
        bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, CONNECTION)
        if bus.isConnected():
            wish = QDBusMessage.createMethodCall(NAME, PATH, NAME, "Inhibit")
            wish.setArguments(["Mien", "The stage is shown to an audience"])
            bus.asyncCall(wish)
