"""Training, measuring and exporting the networks. Torch lives here only; the app never imports it."""

import app  # noqa: F401  what it tells the libraries must be said before they are loaded
