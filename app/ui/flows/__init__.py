"""What takes several steps: playing, recording, markers, the baseline, explaining a face."""
