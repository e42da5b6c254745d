"""Makes the documents a site: `python docs/make_site.py` writes build/docs/index.html; a warning is an error.

Sphinx reads a copy in build/docs-source, in which links to code are plain text: code is no part of the site.
The screenshots that `make screenshots` made have a page.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from sphinx.cmd.build import build_main

ROOT = Path(__file__).resolve().parents[1]
SOURCE, SITE = ROOT / "build" / "docs-source", ROOT / "build" / "docs"
SHOTS = ROOT / "build" / "screenshots"
SHOWN = {  # scenes of app.ui.tools.gallery, and what each of them shows
    "one-dark": "One person",
    "one-light": "The light theme",
    "several-dark": "Several people",
    "why-dark": "Why: which parts of the face led to the result",
    "head-dark": "Head, gaze and closed eyes",
    "stage-dark": "The stage view",
    "keys-dark": "All keys",
}
SIZE = "1440x900"
COPIED = (
    "*.md", "docs/*.md", "docs/*.svg", "docs/conf.py", "models/*.md", "models/*.png", "models/*.svg",
    "models/*.jpg", "packaging/README.md", "assets/README.md", "assets/*.png",
)  # fmt: skip
LINK = re.compile(r"(?<!!)\[([^\]]*)\]\((?!\w+:)([^)#\s]+)(#[^)]*)?\)")
START = """<!doctype html>
<meta charset="utf-8"><meta http-equiv="refresh" content="0; url=docs/index.html">
<title>Mien</title><a href="docs/index.html">Mien</a>
"""


def main() -> int:
    """Sphinx' exit code."""
    for folder in (SOURCE, SITE):
        shutil.rmtree(folder, ignore_errors=True)
    for pattern in COPIED:
        for path in ROOT.glob(pattern):
            to = SOURCE / path.relative_to(ROOT)
            to.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, to)
    add_screenshots()
    for page in SOURCE.rglob("*.md"):
        page.write_text(without_code(page), encoding="utf-8")
    index = SOURCE / "docs" / "index.md"
    index.write_text(f"{index.read_text(encoding='utf-8')}\n{contents()}", encoding="utf-8")
    failed = build_main(["-W", "-q", "-c", str(SOURCE / "docs"), "-b", "html", str(SOURCE), str(SITE)])
    if not failed:
        (SITE / "index.html").write_text(START, encoding="utf-8")
        print(f"The site is {SITE / 'index.html'}")
    return failed


def without_code(page: Path) -> str:
    """The page, whose links to what is no part of the site are their text alone."""

    def linked(found: re.Match[str]) -> str:
        there = (page.parent / found[2]).resolve()
        return found[0] if there.is_file() else found[1]

    return LINK.sub(linked, page.read_text(encoding="utf-8"))


def add_screenshots() -> None:
    """A page of some screenshots; nothing where `make screenshots` made none."""
    there = {f"{scene}-{SIZE}.png": what for scene, what in SHOWN.items()}
    there = {name: what for name, what in there.items() if (SHOTS / name).exists()}
    if not there:
        return
    for name in there:
        shutil.copyfile(SHOTS / name, SOURCE / "docs" / name)
    parts = "\n\n".join(f"## {what}\n\n![{what}]({name})" for name, what in there.items())
    (SOURCE / "docs" / "screenshots.md").write_text(f"# Screenshots\n\n{parts}\n", encoding="utf-8")


def contents() -> str:
    """The table of contents beside every page: the pages in the order in which the index links to them."""
    index = SOURCE / "docs" / "index.md"
    linked = [found[2] for found in LINK.finditer(index.read_text(encoding="utf-8"))]
    pages = [f"/{(index.parent / name).resolve().relative_to(SOURCE).as_posix()}" for name in linked]
    others = [f"/{path.relative_to(SOURCE).as_posix()}" for path in sorted(SOURCE.rglob("*.md"))]
    every = dict.fromkeys(name for name in (*pages, *others) if name != "/docs/index.md")
    names = [name.removesuffix(".md") for name in every]
    return "```{toctree}\n:hidden:\n\n" + "\n".join(names) + "\n```\n"


if __name__ == "__main__":
    sys.exit(main())
