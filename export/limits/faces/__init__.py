"""How small and turned faces are found: heads in empty scenes, and what passes for a face there."""
