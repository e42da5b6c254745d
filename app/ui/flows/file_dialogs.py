"""Choosing a video, a session or a folder; no dialog stops the picture behind it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from app.sources.kinds import PICTURES
from app.sources.video import VideoFile
from app.ui.flows.file_work import FileWork
from app.ui.flows.player import Player
from app.ui.flows.record_flow import RecordFlow

CONTAINERS = {
    ".avi", ".flv", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".ogv", ".ts", ".webm",
    ".wmv",
}  # fmt: skip
VIDEOS = f"Videos and pictures ({' '.join(f'*{end}' for end in sorted(CONTAINERS | PICTURES))})"


class FileDialogs:
    """Each call opens a dialog of the system and returns at once."""

    def __init__(self, window: QWidget, player: Player, recording: RecordFlow, work: FileWork) -> None:
        self._window, self._player, self._recording, self._work = window, player, recording, work
        self.chosen = ""  # the folder for recordings that was chosen; "" while none was

    def open_video(self) -> None:
        """Plays the video or picture that is chosen."""
        dialog = QFileDialog(self._window, "Open a video")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([VIDEOS, "All files (*)"])
        _open(dialog, lambda path: self._player.play(VideoFile(Path(path))))

    def open_session(self) -> None:
        """Replays the session whose folder is chosen."""
        self._open_folder("Open a recorded session", lambda path: self._player.replay(Path(path)))

    def choose_folder(self) -> None:
        """Records into the folder that is chosen, from the next recording on."""
        self._open_folder("Where recordings are saved", self._record_into)

    def compare(self) -> None:
        """Compares the recordings in the folder that is chosen."""
        self._open_folder("The folder of the recordings", lambda path: self._work.compare(Path(path)))

    def measure_files(self) -> None:
        """Measures the videos and pictures that are chosen."""
        dialog = QFileDialog(self._window, "Measure videos and pictures")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilters([VIDEOS, "All files (*)"])
        dialog.filesSelected.connect(lambda files: self._work.measure([Path(file) for file in files]))
        _show(dialog)

    def open_study(self, use: Callable[[Path], None]) -> None:
        """Hands `use` the folder of a study that is chosen."""
        self._open_folder("Open a study", lambda path: use(Path(path)))

    def make_study(self, use: Callable[[Path], None]) -> None:
        """Hands `use` the path that is chosen for a new study; the folder may be there, and empty."""
        dialog = QFileDialog(self._window, "Name a new study", str(self._recording.folder))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        _open(dialog, lambda path: use(Path(path)))

    def open_table(self, use: Callable[[Path], None]) -> None:
        """Hands `use` the table of participants that is chosen."""
        dialog = QFileDialog(self._window, "Participants of a table")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters(["Tables (*.csv *.tsv *.txt)", "All files (*)"])
        _open(dialog, lambda path: use(Path(path)))

    def show_folder(self) -> None:
        """Opens the last recording's folder, or the one for recordings, in the file manager."""
        folder = self._recording.recorded or self._recording.folder
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def _record_into(self, folder: str) -> None:
        self.chosen, self._recording.folder = folder, Path(folder)

    def _open_folder(self, title: str, use: Callable[[str], None]) -> None:
        dialog = QFileDialog(self._window, title, str(self._recording.folder))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        _open(dialog, use)


def _open(dialog: QFileDialog, use: Callable[[str], None]) -> None:
    dialog.fileSelected.connect(use)
    _show(dialog)


def _show(dialog: QFileDialog) -> None:
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
