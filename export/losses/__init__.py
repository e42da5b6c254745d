"""The losses, each a few lines."""
