"""Files in a folder that somebody else may have filled: only plain files are opened, no link is followed.

A link could lead anywhere on this computer; a pipe, a device or a folder named like a file could hang. All
files of a session are opened through here, to read and to write.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO, TextIO, cast

PRIVATE = 0o600  # a file that its owner alone may read; Windows has the rights of the folder instead
PRIVATE_FOLDER = 0o700
READ, CHANGE = os.O_RDONLY, os.O_RDWR
NEW = os.O_RDWR | os.O_CREAT | os.O_EXCL  # never an existing one, also not through a link
# Not known to Windows: to refuse a link at the end of the path, and not to wait for the writer of a pipe.
SAFE = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
CHANGES = os.O_WRONLY | os.O_RDWR


def open_plain(path: Path, flags: int = READ) -> int:
    """Opens the plain file `path` with the `flags` of os.open; gives its handle.

    A new file is readable by its owner alone. Raises OSError, whose `strerror` is a clause for the user, also
    for a link, a folder, a pipe or a device, and for a file to be changed that has a second name elsewhere.
    """
    try:
        if not flags & os.O_EXCL:
            refuse_if_special(path.lstat(), flags)
        handle = os.open(path, flags | SAFE, PRIVATE)
    except ValueError as error:  # a zero byte
        raise OSError(errno.EINVAL, "its name is no name of a file") from error
    try:
        refuse_if_special(os.fstat(handle), flags)
    except OSError:
        os.close(handle)
        raise
    return handle


def refuse_if_special(found: os.stat_result, flags: int = READ) -> None:
    """Raises OSError where what was `found` is no plain file, or must not be changed as `flags` would."""
    if stat.S_ISLNK(found.st_mode):
        raise OSError(errno.ELOOP, "it is a link, and links are not followed")
    if stat.S_ISDIR(found.st_mode):
        raise OSError(errno.EISDIR, "it is a folder, where a file is expected")
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, "it is a pipe or a device, where a file is expected")
    if flags & CHANGES and found.st_nlink > 1:
        raise OSError(errno.EMLINK, "it has a second name elsewhere, and is not changed: copy the folder")


def is_there(path: Path) -> bool:
    """Whether anything has this name, also a link that leads nowhere; `open_plain` says what is wrong."""
    try:
        path.lstat()
    except (FileNotFoundError, ValueError):  # a zero byte is in no name
        return False
    except OSError:  # it may be there, and may not be looked at
        return True
    return True


def is_folder(path: Path) -> bool:
    """Whether `path` is a folder that can be looked at; also where no folder can have such a name."""
    try:
        return path.is_dir()
    except OSError:
        return False


def plain_binary(path: Path, flags: int = READ, *, buffered: bool = True) -> BinaryIO:
    """The plain file `path`, open for its bytes. Raises OSError as `open_plain`.

    Where it is not `buffered`, each write goes to the system at once, and says how many bytes that took.
    """
    mode = "r+b" if flags & CHANGES else "rb"
    return cast(BinaryIO, os.fdopen(open_plain(path, flags), mode, -1 if buffered else 0))


def plain_text(path: Path, newline: str | None = None) -> TextIO:
    """The plain file `path`, open to read UTF-8; what is none is replaced. Raises OSError as `open_plain`.

    `newline` is as in `open`: "" leaves the ends of lines as they are.
    """
    return os.fdopen(open_plain(path), encoding="utf-8", errors="replace", newline=newline)


def read_plain(path: Path, most: int) -> bytes:
    """The bytes of the plain file `path`; raises OSError as `open_plain`, and above `most` bytes."""
    with plain_binary(path) as file:
        content = file.read(most + 1)
    if len(content) > most:
        raise OSError(errno.EFBIG, f"it has more than {most / 1e6:.0f} MB")
    return content
