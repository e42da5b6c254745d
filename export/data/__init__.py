"""Data sets in their published layouts, the crops that are cut from them, and what alters crops."""
