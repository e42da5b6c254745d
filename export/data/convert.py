"""Makes the files of training out of the public data sets: `python -m export.data.convert SET ... -o
FOLDER`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from export.data import from_fer2013, from_net7876
from export.data.errors import DataError
from export.data.places import DATA

EXAMPLES = """\
examples:
  python -m export.data.convert fer2013 --fer fer2013.csv --plus fer2013new.csv -o data
  python -m export.data.convert net_7876 --folder train -o data

The folder is the data folder ($MIEN_DATA) when -o is not given. docs/data.md says where the public files
come from, and under which terms.
"""


def main(argv: list[str] | None = None) -> int:
    """0 when the files are written; 2 where a public file is missing or not as published, with one
    sentence."""
    parser = argparse.ArgumentParser(
        prog="python -m export.data.convert",
        description=(__doc__ or "").split(":")[0] + ".",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    sets = parser.add_subparsers(dest="set", required=True, metavar="SET")
    fer = sets.add_parser("fer2013", help="FER2013 with the votes of FER+: expressions")
    fer.add_argument("--fer", type=Path, required=True, help="fer2013.csv of the ICML 2013 challenge")
    fer.add_argument("--plus", type=Path, required=True, help="fer2013new.csv of FER+")
    net = sets.add_parser("net_7876", help="web faces of Sun, Wang and Tang 2013: eye centres")
    net.add_argument("--folder", type=Path, required=True, help="the unpacked set, with trainImageList.txt")
    for one in (fer, net):
        one.add_argument("-o", "--out", type=Path, default=DATA, help="the folder to write to")
    args = parser.parse_args(argv)
    try:
        if args.set == "fer2013":
            counts = from_fer2013.convert(args.fer, args.plus, args.out)
        else:
            counts = from_net7876.convert(args.folder, args.out)
    except (DataError, OSError) as error:
        print(error, file=sys.stderr)
        return 2
    faces = ", ".join(f"{name} {count:,}" for name, count in counts.items())
    print(f"{args.out} holds the faces: {faces}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
