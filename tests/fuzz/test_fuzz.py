"""A short run of the fuzzing, and that it finds what it looks for."""

import random

import pytest

from tests.fuzz.__main__ import fuzz
from tests.fuzz.mutate import mutant
from tests.fuzz.watch import Limits

DATA = b"frame,time_s\n1,0.1\n2,0.2\n" * 20


def test_sixty_mutants_of_files_and_sessions_are_read_or_answered_by_a_sentence(tmp_path):
    outcomes = fuzz(18, range(60), tmp_path / "kept")
    assert [outcome for outcome in outcomes if outcome.fault or outcome.end == "fault"] == []
    assert {"read", "sentence"} == {outcome.end for outcome in outcomes} and len(outcomes) == 60
    assert not (tmp_path / "kept").exists()
    kinds = {outcome.what.split(".")[-1].split(" ")[0] for outcome in outcomes}
    assert {"csv", "json", "mkv"} <= kinds and len(kinds) > 6


@pytest.mark.parametrize("text", [True, False])
def test_a_seed_gives_the_same_mutants_and_each_is_another(text):
    made = [[mutant(DATA, random.Random(f"3 {n}"), text=text) for n in range(200)] for _ in range(2)]
    assert made[0] == made[1] and len(set(made[0])) > 150 and DATA not in made[0][:1]


def test_nothing_is_too_short_to_be_changed():
    for n in range(300):
        assert isinstance(mutant(b"", random.Random(n), text=n % 2 == 0), bytes)


FAULTS = {
    "a traceback": "raise ValueError('here')",
    "the end of the process": "os._exit(7)",
    "an abort": "os.abort()",
    "a wait": "time.sleep(1e4)",
    "a loop": "[0 for _ in iter(int, 1)]",
    "memory": "kept = b'x' * 300_000_000; time.sleep(1e4)",
}
PROGRAM = """
import json, os, sys, time, traceback
from pathlib import Path
made = Path(sys.argv[2]) / "one" / "mutant"
made.mkdir(parents=True)
print("{}", flush=True)
for line in sys.stdin:
    (made / "file").write_text(line)
    fault = ""
    try:
        if line == "1\\n":
            FAULT
    except ValueError:
        fault = traceback.format_exc()
    print(json.dumps(dict(number=int(line), what="it", end="read", fault=fault)), flush=True)
"""


@pytest.mark.parametrize("fault", FAULTS)
def test_each_kind_of_fault_is_found_and_kept_and_the_next_mutant_is_tried(tmp_path, fault):
    processor, silence = 0.5 if fault == "a loop" else 60, 1.5 if fault == "a wait" else 100
    program = ("-c", PROGRAM.replace("FAULT", FAULTS[fault]))
    outcomes = fuzz(0, range(3), tmp_path, Limits(processor, silence, 1e8), program)
    assert [bool(outcome.fault) for outcome in outcomes] == [False, True, False], outcomes
    (kept,) = tmp_path.iterdir()
    assert kept.name == "0-1" and (kept / "file").read_text() == "1\n"
    assert (kept / "fault.txt").stat().st_size > 3
