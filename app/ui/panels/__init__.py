"""What the window shows: picture, plane, bars, curves, stage, status bar."""
