"""Playing: an engine measures a source, a replay shows a recorded session, a recording is written."""
