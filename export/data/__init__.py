"""Loaders of databases in their published layouts."""
