"""Names of files that every system takes."""

from __future__ import annotations

import re

# Source: https://learn.microsoft.com/windows/win32/fileio/naming-a-file; an ending changes nothing.
_DEVICE = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.IGNORECASE)


def no_device(name: str) -> str:
    """`name`; what Windows takes for a device, as `con` and `NUL.txt`, gets a hyphen: `con-`, `NUL-.txt`."""
    found = _DEVICE.fullmatch(name)
    return f"{found[1]}-{found[2] or ''}" if found else name


def shortened(name: str, most: int = 60, end: int = 16) -> str:
    """`name` with at most `most` letters; the last `end` stay, since a number or a hash may be there."""
    return name if len(name) <= most else f"{name[: most - end]}{name[-end:]}"
