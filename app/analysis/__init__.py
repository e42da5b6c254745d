"""Video files measured without a window: one, many at once, once more to verify; and what a frame costs."""
