"""Writes the table of sizes in packaging/README.md: `python packaging/sizes.py dist/mien`."""

from __future__ import annotations

import sys
from pathlib import Path

PAGE = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- sizes -->", "<!-- end of sizes -->"
# What the folders of the packaged program hold; everything else is Python, Mien and small things.
KINDS = ("mien-*.tar.xz", "mien_*.deb", "Mien-*.AppImage")
COMPONENTS = {
    "OpenCV": ("cv2", "opencv_python_headless.libs"),
    "Qt and PySide6": ("PySide6", "shiboken6"),
    "NumPy": ("numpy", "numpy.libs"),
    "ONNX Runtime": ("onnxruntime",),
    "Arrow, for Parquet": ("pyarrow",),
    "our networks and the sample clip": ("app/shipped",),
}


def sizes(program: Path) -> dict[str, float]:
    """MB of each component, the largest first, and of everything."""
    inside = program / "_internal"
    found = {name: sum(_megabytes(inside / part) for part in parts) for name, parts in COMPONENTS.items()}
    total = _megabytes(program)
    found["Python, Mien and the rest"] = total - sum(found.values())
    return dict(sorted(found.items(), key=lambda item: -item[1])) | {"**all of it, unpacked**": total}


def _megabytes(folder: Path) -> float:
    return sum(f.stat().st_size for f in folder.rglob("*") if f.is_file() and not f.is_symlink()) / 1e6


if __name__ == "__main__":
    program = Path(sys.argv[1])
    found = sizes(program)
    downloads = sorted([file for kind in KINDS for file in program.parent.glob(kind)])
    found |= {f"download `{file.name}`": file.stat().st_size / 1e6 for file in downloads}
    rows = "".join(f"| {name} | {size:.1f} |\n" for name, size in found.items())
    page = PAGE.read_text("utf-8")
    before, after = page.split(BEGIN)[0], page.split(END)[1]
    PAGE.write_text(f"{before}{BEGIN}\n| part | MB |\n| --- | ---: |\n{rows}{END}{after}", "utf-8")
