"""Writes the generated parts of the documents: `python docs/generate.py`, or with `--check` only compares.

A generated part stands between `<!-- generated: NAME -->` and `<!-- end of generated -->`; NAME is a key of
PARTS. Its text is made from the code that it describes, so that the two always agree.
"""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
PART = re.compile(r"(<!-- generated: (.+?) -->\n).*?(<!-- end of generated -->)", re.DOTALL)


def main(arguments: Sequence[str]) -> int:
    """The exit code: with `--check` 1 when a page is out of date, whose name is printed."""
    sys.path.insert(0, str(ROOT))
    old = {path: path.read_text(encoding="utf-8") for path in PAGES}
    new = {path: refreshed(text) for path, text in old.items()}
    stale = [path for path in PAGES if new[path] != old[path]]
    for path in stale:
        name = path.relative_to(ROOT).as_posix()
        if "--check" in arguments:
            print(f"{name} is out of date: run python docs/generate.py", file=sys.stderr)
        else:
            path.write_text(new[path], encoding="utf-8", newline="\n")
            print(f"{name} was written.")
    return 1 if stale and "--check" in arguments else 0


def refreshed(text: str) -> str:
    """The page `text` with every generated part written anew. Raises KeyError for a part without a maker."""
    return PART.sub(lambda found: f"{found[1]}{PARTS[found[2]]().strip()}\n{found[3]}", text)


def table(head: Sequence[str], rows: Iterable[Sequence[object]], right: int = 0) -> str:
    """A Markdown table; the last `right` columns are set to the right, for figures."""
    rules = ["---"] * (len(head) - right) + ["---:"] * right
    lines = [head, rules, *([str(cell).replace("|", "\\|") for cell in row] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def columns() -> str:
    """Every column of faces.csv."""
    from app.sessions.schema.tables import columns_table

    return columns_table()


def event_columns() -> str:
    """Every column of events.csv."""
    from app.sessions.schema.tables import events_table

    return events_table()


def statuses() -> str:
    """Every word of the column `status`."""
    from app.stages.quality import MEANING

    return table(("status", "meaning"), ((f"`{word}`", meaning) for word, meaning in MEANING.items()))


def keys() -> str:
    """Every action of the window."""
    from app.ui.controls.actions import SECTIONS

    parts = []
    for section, entries in SECTIONS.items():
        rows = ((" or ".join(f"`{key}`" for key in e.keys), e.name, e.tip) for e in entries.values())
        parts.append(f"**{section}**\n\n{table(('key', 'button', 'what it does'), rows)}")
    return "\n\n".join(parts)


def commands() -> str:
    """Every command with its options."""
    from app.cli.reference import markdown

    return markdown()


def programs() -> str:
    """Every command of export, with the first sentence of its file."""
    rows = []
    for path in sorted((ROOT / "export").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if '__name__ == "__main__"' in text:
            said = " ".join((ast.get_docstring(ast.parse(text)) or "").split("\n\n")[0].split())
            module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            rows.append((f"`python -m {module}`", said.split(": `")[0].rstrip(".")))
    return table(("command", "what it does"), rows)


def levels() -> str:
    """The levels that the tuner goes through, from all work to the least."""
    from app.playing.workload_levels import LEVELS

    return table(
        ("level", "looks for new faces every ... frames", "finds landmarks every ...", "paints every ..."),
        ((i, level.search_every, level.landmarks_every, level.paint_every) for i, level in enumerate(LEVELS)),
        right=3,
    )


def rooms(package: str) -> str:
    """Each folder of `package` with the sentence of its `__init__`, the highest layer first."""
    layers = rows_of_layers()[package]

    def place(path: Path) -> tuple[int, Path]:
        room = ".".join(path.parent.relative_to(ROOT / package).parts)
        for i, names in enumerate(layers):
            for name in names:
                if f"{name}.".startswith(f"{room}.") or f"{room}.".startswith(f"{name}."):
                    return i, path
        raise ValueError(f"{path} is in no layer of tests/test_layers.py")

    rows = []
    for path in sorted((ROOT / package).glob("*/**/__init__.py"), key=place):
        said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
        name = path.parent.relative_to(ROOT).as_posix()
        rows.append((f"`{name}/`", " ".join(said.split("\n\n")[0].split())))
    return table(("room", "what lives there"), rows)


def rows_of_layers() -> Mapping[str, Sequence[Sequence[str]]]:
    """The layers of each package, from the top down, as tests/test_layers.py has them."""
    text = (ROOT / "tests" / "test_layers.py").read_text(encoding="utf-8")
    values = {
        line.targets[0].id: ast.literal_eval(line.value)
        for line in ast.parse(text).body
        if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name)
        if line.targets[0].id in ("APP", "EXPORT")
    }
    return {"app": values["APP"], "export": values["EXPORT"]}


def card(name: str) -> Mapping[str, Any]:
    """The card `models/NAME.toml`."""
    return tomllib.loads((ROOT / "models" / f"{name}.toml").read_text(encoding="utf-8"))


def expressions() -> str:
    """The figures of both affect networks, from their cards."""
    cards = [card("affect")["measured"], card("affect-float32")["measured"]]
    faces = f"{cards[0]['where_more_than_half_agree']['faces']:,} faces"
    rows: tuple[tuple[str, Callable[[Any], str]], ...] = (
        ("accuracy", lambda m: f"{m['accuracy']:.1f} %"),
        (
            "accuracy with the mirror image measured as well (the app does not do this)",
            lambda m: f"{m['with_mirror_image']['accuracy']:.1f} %",
        ),
        (
            f"accuracy where more than half of the votes agree, {faces}",
            lambda m: f"{m['where_more_than_half_agree']['accuracy']:.1f} %",
        ),
        ("mean recall over the eight classes", lambda m: f"{m['mean_recall']:.1f} %"),
        ("expected calibration error, 15 bins", lambda m: f"{m['calibration_error']:.1f} %"),
        *(
            (
                f"{name}, {cards[0]['rated']['faces']} rated faces: concordance, RMSE, right sign",
                lambda m, name=name: agreement(m["rated"][name]),
            )
            for name in ("valence", "arousal")
        ),
        (
            "ms a face on one thread, median",
            lambda m: f"{m['milliseconds_a_face_on_one_thread']['median']:.1f}",
        ),
    )
    return table(
        ("", "8-bit integers (the default)", "float32"),
        ((name, *(show(m) for m in cards)) for name, show in rows),
        right=2,
    )


def agreement(rated: Mapping[str, float]) -> str:
    """How valence, or arousal, agrees with its ratings, in a cell of a table."""
    return f"{rated['ccc']:.3f}, {rated['rmse']:.3f}, {rated['sign']:.1f} %"


def recalls() -> str:
    """The share of the faces of each expression that the affect network finds, from its card."""
    found = card("affect")["measured"]["recall"]
    rows = sorted(found.items(), key=lambda pair: -pair[1])
    return table(("expression", "found"), ((name, f"{value:.0f} %") for name, value in rows), right=1)


def robustness() -> str:
    """Accuracy of the affect network on changed pictures, from its card."""
    found = card("affect")["measured"]["accuracy_when"]
    rows = ((k.replace("turned by", "tilted by"), f"{v:.1f} %") for k, v in found.items())
    return table(("change", "accuracy"), rows, right=1)


def eye_centres() -> str:
    """Shares of the eye network, from its card."""
    measured = card("eyes")["measured"]
    limits = ("0.025", "0.05", "0.1", "0.25")
    ways = {
        "whole picture, a face that is not found counts as an error": "whole_picture",
        "the same without the labels' shift, as the app reports it": "whole_picture_as_reported",
        "face box from the data set, 8 views": "face_box_in_8_views",
        "face box from the data set, 2 views": "face_box_in_2_views",
    }
    rows = [(name, *(f"{measured[key][f'e_{limit}']:.1f}" for limit in limits)) for name, key in ways.items()]
    return table(("the network starts from", *limits), rows, right=len(limits))


def made_faces() -> str:
    """How made faces are read, by the expression that was wanted, from the card of the generator."""
    from app.types import EXPRESSIONS

    found = card("synthesis")["measured"]
    made, before, real = (
        found[name] for name in ("read_as_wanted", "read_as_wanted_unchanged", "read_as_labelled_real")
    )
    rows = [(word, *(f"{each[word]:.0f} %" for each in (made, before, real))) for word in EXPRESSIONS]
    mean = [f"{sum(each[word] for word in EXPRESSIONS) / 8:.0f} %" for each in (made, before, real)]
    distance, score = found["frechet_distance"], found["inception_score"]
    identity, faces = found["identity"], found["faces"]
    words = (
        f"Of {found['made']:,} faces made of {faces} test faces. Fr\u00e9chet distance, in the judge's "
        f"features: {distance['real']:.2f} between real faces, {distance['made']:.2f} from made to real "
        f"ones, {distance['unchanged']:.2f} where nothing is changed. Inception score: "
        f"{score['real']:.2f} real, {score['made']:.2f} made. {identity['recognised']:.1f} % of the made "
        f"faces are nearest to their own face among the {faces} (eigenfaces); where the masks keep the face "
        f"it changes by {identity['grey_levels_where_masks_keep']:.1f} grey levels of 255, everywhere by "
        f"{identity['grey_levels']:.1f}."
    )
    head = ("wanted", "made faces read so", "the same faces unchanged", "real faces with this label")
    return table(head, [*rows, ("mean", *mean)], right=3) + f"\n\n{words}"


def mutants() -> str:
    """What `make mutants` found when it tried each module last."""
    found = tomllib.loads((ROOT / "tests/mutation/results.toml").read_text(encoding="utf-8"))["module"]
    rows, noticed, all_real = [], 0, 0
    for one in found:
        real = one["changes"] - one["equivalent"]
        noticed, all_real = noticed + real - one["unnoticed"], all_real + real
        share = f"{100 * (real - one['unnoticed']) / real:.0f} %"
        name = one["path"].removeprefix("app/")
        rows.append((f"`{name}`", one["changes"], one["equivalent"], one["unnoticed"], share))
    head = ("module", "changes", "equivalent", "unnoticed", "noticed")
    return f"{noticed:,} of {all_real:,} changes are noticed.\n\n" + table(head, rows, right=4)


PARTS: Mapping[str, Callable[[], str]] = {
    "columns of faces.csv": columns,
    "columns of events.csv": event_columns,
    "words of status": statuses,
    "keys": keys,
    "commands": commands,
    "levels": levels,
    "commands of export": programs,
    "rooms of app": lambda: rooms("app"),
    "rooms of export": lambda: rooms("export"),
    "expressions": expressions,
    "recall": recalls,
    "robustness": robustness,
    "eye centres": eye_centres,
    "made faces": made_faces,
    "mutants": mutants,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
