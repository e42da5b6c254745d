"""This computer: paths, settings, whole-or-nothing writing, native libraries, crashes, optional packages."""
