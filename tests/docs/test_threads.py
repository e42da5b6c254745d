"""The table of threads in docs/architecture.md names every thread that Mien begins."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_thread_is_in_the_table():
    page = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    table = page.partition("## Threads")[2].partition("## ")[0]
    told = set(re.findall(r"`([a-z -]+)`", table))
    begun = set()
    for path in (ROOT / "app").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        begun |= set(re.findall(r"Tasks\(\"([^\"]+)\"", text))
        begun |= {
            name
            for part in text.split("threading.Thread(")[1:]
            for name in re.findall(r"name=\"([^\"]+)\"", part.split("\n\n")[0])[:1]
        }
    assert {"engine", "network", "sync", "file-work"} <= begun
    assert begun <= told
