"""Addresses."""

LOOPBACK = "127.0.0.1"  # this computer, for its own programs alone
