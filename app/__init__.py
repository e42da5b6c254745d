"""Mien: reads faces live. Imports go one way: ui -> engine, record -> pipeline -> stages -> types."""

__version__ = "0.1.0"
