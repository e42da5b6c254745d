"""A source or a recorded session in time: the engine and its thread, replay, a running recording."""
