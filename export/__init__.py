"""Training, measuring and exporting the networks. Torch lives here only; the app never imports it."""
