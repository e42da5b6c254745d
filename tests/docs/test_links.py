"""What the documents point at is there: files, headings, commands."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = (
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "models").glob("*.md")),
    ROOT / "packaging" / "README.md",
    ROOT / "assets" / "README.md",
)
PAGES = tuple(path for path in PAGES if path.exists())
CODE_BLOCK = re.compile(r"^(```+|~~~+).*?^\1", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)(?: \"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
OURS = re.compile(r"(?:app|export|models|tests|packaging|docs|assets)/[\w./-]*")
MODULE = re.compile(r"python -m ((?:app|export)[\w.]*)")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def anchors(path: Path) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    seen: Counter[str] = Counter()
    found = set()
    for heading in HEADING.findall(CODE_BLOCK.sub("", path.read_text(encoding="utf-8"))):
        plain = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")
        found.add(slug if not seen[slug] else f"{slug}-{seen[slug]}")
        seen[slug] += 1
    return found


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_no_link_is_dead(page):
    text = CODE.sub("", CODE_BLOCK.sub("", page.read_text(encoding="utf-8")))
    for target in LINK.findall(text):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        there = page if not file else (page.parent / file).resolve()
        assert there.exists(), f"{name(page)} links to {target}, which is not there"
        if anchor:
            assert anchor in anchors(there), f"{name(page)} links to {target}, a heading that is not there"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_files_that_a_page_names_are_there(page):
    for code in CODE.findall(CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))):
        if OURS.fullmatch(code) and "NAME" not in code:
            assert (ROOT / code).exists(), f"{name(page)} names {code}, which is not there"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_that_a_page_names_are_there(page):
    for module in MODULE.findall(page.read_text(encoding="utf-8")):
        path = ROOT.joinpath(*module.rstrip(".").split("."))
        there = path.with_suffix(".py").exists() or (path / "__main__.py").exists()
        assert there, f"{name(page)} names python -m {module}, which is not there"


NAMING = [ROOT / "CONTRIBUTING.md", ROOT / "docs" / "architecture.md", ROOT / "docs" / "glossary.md"]
DEFINED = re.compile(r"^\s*(?:class|def) (\w+)|^    (\w+):|^(\w+)(?:: [^=]+)? = ", re.MULTILINE)


def defined() -> set[str]:
    """Classes, functions, fields and constants of app and export."""
    found = set()
    for package in ("app", "export"):
        for path in (ROOT / package).rglob("*.py"):
            found |= {word for words in DEFINED.findall(path.read_text(encoding="utf-8")) for word in words}
    return found


@pytest.mark.parametrize("page", NAMING, ids=name)
def test_classes_that_a_page_names_are_there(page):
    there = defined()
    for code in CODE.findall(CODE_BLOCK.sub("", page.read_text(encoding="utf-8"))):
        if re.fullmatch(r"[A-Z]\w*[a-z]\w*(\.\w+)?", code):
            missing = [word for word in code.split(".") if word not in there]
            assert not missing, f"{name(page)} names {code}, and there is no {missing[0]}"


def test_classes_in_drawings_are_there():
    there = defined()
    for path in (ROOT / "docs").glob("*.svg"):
        for word in re.findall(
            r"\b[A-Z][a-z]+[A-Z]\w+", " ".join(re.findall(r"<text[^>]*>([^<]*)", path.read_text()))
        ):
            assert word in there, f"{name(path)} shows {word}, which is not there"


@pytest.mark.parametrize("card", sorted((ROOT / "models").glob("*.toml")), ids=name)
def test_commands_that_a_card_names_are_there(card):
    test_commands_that_a_page_names_are_there(card)


CITED = re.compile(r"(?:et al\.?,? |and [A-Z]\w+,? |\b[A-Z]{3,} )(?:19|20)\d\d\b")
SOURCES = sorted([*(ROOT / "app").rglob("*.py"), *(ROOT / "export").rglob("*.py")])


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if CITED.search(p.read_text(encoding="utf-8"))], ids=name
)
def test_the_references_name_each_file_that_cites_a_work(path):
    said = (ROOT / "docs" / "references.md").read_text(encoding="utf-8")
    assert f"`{name(path)}`" in said, f"say in docs/references.md what {name(path)} cites"
