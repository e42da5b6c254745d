"""This computer: paths, settings, atomic writing, native libraries, crashes, optional packages."""
