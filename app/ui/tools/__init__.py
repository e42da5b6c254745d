"""Tools for whoever works on the window: its benchmark, screenshots of every state."""
