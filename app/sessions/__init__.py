"""Recorded sessions on the disk: what their files hold; written, recovered, read back."""
