"""Damaged files and sessions, thousands of them, made and tried by `make fuzz`."""
