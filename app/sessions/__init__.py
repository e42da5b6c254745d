"""What is kept: a session folder written, recovered, read back, played again and verified."""
