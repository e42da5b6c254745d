"""Files measured without a window: one by one, in parallel, again to verify them; and what a frame costs."""
