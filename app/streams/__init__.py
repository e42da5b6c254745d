"""Live values sent to other programs (LSL, OSC), and markers received from them: all off unless asked for."""
