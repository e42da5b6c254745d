"""Claims: of several workers that want a file one has it, and what a dead one has left is taken over."""

import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from app.runs import claim, unfinished
from app.runs.claim import Claim, look, take
from app.runs.task import Sighting
from tests.fakes import LONG, wait_for

ROOT = Path(__file__).parents[2]
HOLD = "import sys\nfrom pathlib import Path\nfrom app.runs.claim import take\n" \
    "take(Path(sys.argv[1]), 'a.b')\nprint('held', flush=True)\nsys.stdin.read()"  # fmt: skip


@pytest.fixture
def held(tmp_path):
    """Another process of this computer that holds the claim on a.b."""
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate(timeout=LONG)


def test_one_of_many_has_it(tmp_path):
    taken, barrier = [], threading.Barrier(8)

    def work():
        barrier.wait()
        taken.append(take(tmp_path, "a"))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(each, Claim) for each in taken) == 1
    next(each for each in taken if isinstance(each, Claim)).release()
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_another_run_removes_is_made_again(tmp_path):
    folder = tmp_path / "out" / "unfinished"
    with take(folder, "a") as taken:
        assert isinstance(taken, Claim) and folder.is_dir()


def test_a_claim_that_stays_listed_and_is_gone_is_followed(tmp_path, monkeypatch):
    monkeypatch.setattr(claim, "PAUSE", 0.0)
    (tmp_path / "a.claim-3").touch()
    monkeypatch.setattr(claim, "look", lambda folder, name: None)  # as a network disk has it
    with take(tmp_path, "a") as taken:
        assert isinstance(taken, Claim) and (tmp_path / "a.claim-4").exists()


def test_a_killed_owner_on_this_computer_is_followed_at_once(tmp_path, held):
    assert isinstance(take(tmp_path, "a.b"), Sighting)
    held.kill()
    held.wait(LONG)
    with take(tmp_path, "a.b") as taken:
        assert isinstance(taken, Claim) and look(tmp_path, "a.b").number == 2
    assert list(tmp_path.iterdir()) == []


def elsewhere(tmp_path, machine="another computer"):
    """Makes the dead claim on a.b that of another computer."""
    path = tmp_path / "a.b.claim-1"
    begin, _, beats = path.read_bytes()[1:].partition(b"\n")
    said = json.loads(begin) | {"machine": machine, "host": "dead"}
    path.write_bytes(b"\0" + json.dumps(said).encode() + b"\n" + beats)


def test_a_claim_of_another_computer_is_taken_over_only_as_it_was_seen(tmp_path, held):
    held.kill()
    held.wait(LONG)
    elsewhere(tmp_path)
    seen = take(tmp_path, "a.b")
    assert isinstance(seen, Sighting) and seen.host == "dead" and take(tmp_path, "a.b") == seen
    with (tmp_path / "a.b.claim-1").open("r+b") as file:
        file.seek(-1, 2)
        file.write(b"7")  # it lives
    assert isinstance(take(tmp_path, "a.b", seen), Sighting)
    now = look(tmp_path, "a.b")
    first = take(tmp_path, "a.b", now)
    assert isinstance(first, Claim) and isinstance(take(tmp_path, "a.b", now), Sighting)
    first.release()


def test_an_owner_learns_that_it_was_taken_for_dead(tmp_path, monkeypatch):
    monkeypatch.setattr(claim, "BEAT", 0.02)
    with take(tmp_path, "a") as slow:
        seen = look(tmp_path, "a")
        wait_for(lambda: look(tmp_path, "a") != seen)
        assert not slow.lost
        taken = None
        while not isinstance(taken, Claim):  # it may beat between the look and the taking
            taken = take(tmp_path, "a", look(tmp_path, "a"))
        wait_for(lambda: slow.lost)
        taken.release()


def test_what_the_dead_left_is_swept_and_the_living_stay(tmp_path, held):
    folder = unfinished.folder_of(tmp_path)
    folder.mkdir()
    (tmp_path / "a.b.claim-1").rename(folder / "a.b.claim-1")
    draft = unfinished.draft(tmp_path, "a.b", "1234")
    draft.mkdir()
    unfinished.sweep(tmp_path)
    assert draft.exists()
    held.kill()
    held.wait(LONG)
    unfinished.sweep(tmp_path)
    assert not folder.exists()
