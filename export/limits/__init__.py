"""Where the app's limits and constants come from: quality, turned heads, gaze and eyelids."""
