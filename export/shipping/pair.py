"""The one place that knows how a network that ships in 8 bits is called, and the one in floats it is made
of."""

from __future__ import annotations


def floats(name: str) -> str:
    """The name of the float32 network that the 8-bit network called `name` is made of: affect-float32 of
    affect."""
    return f"{name}-float32"


def command(recipe: str, name: str) -> str:
    """The command that exports the float32 network of `recipe` for the 8-bit network called `name`."""
    return f"python -m export.to_onnx {recipe} --name {floats(name)}"
