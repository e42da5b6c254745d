"""Tools for those who develop the window: its benchmark, screenshots of every state."""
