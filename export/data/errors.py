"""Data that is there but cannot be used."""

from __future__ import annotations

from app.system.errors import UserError


class DataError(UserError, ValueError):
    """A file of a data set is not as its layout says: one sentence that names the file and what is wrong."""
