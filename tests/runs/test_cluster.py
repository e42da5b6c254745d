"""The workers of a Dask cluster: the same bytes; those that must not work are named, and the others go on."""

import os
import shutil
from dataclasses import replace
from multiprocessing import active_children

import pytest

from app.analysis.options import AnalysisOptions
from app.runs import cluster, far
from app.runs.cluster import Cluster, ClusterError
from app.runs.once import failed
from app.runs.run import run
from app.runs.task import Status, Task
from app.system import paths
from app.system.interruption import Interruption
from tests.fakes import wait_for
from tests.measured import analyze, plan_of, rows
from tests.sources.servers import closed_port

pytest.importorskip("distributed")
pytestmark = pytest.mark.filterwarnings("ignore")  # what a library of the extra warns of


def on_cluster(files, options, where, workers=None):
    interruption = Interruption()
    return run(plan_of(files, options), Cluster(options, where, workers, interruption), interruption)


def other_networks(options, seen, dask_worker=None, real=far.passport):
    """The passport of this process and of the first worker; one with other networks on the second."""
    found = real(options, seen)
    return replace(found, models=("00",)) if dask_worker is not None and dask_worker.name == 1 else found


def test_the_rows_are_those_of_one_process_and_another_network_is_refused(
    tmp_path, clips, monkeypatch, capfd
):
    files = [shutil.copy(clips / "one-face.jpg", tmp_path / f"{i}.jpg") for i in range(3)]
    files.append(tmp_path / "none.mp4")
    options = AnalysisOptions(tmp_path / "out", paths.models())
    monkeypatch.setattr(far, "passport", other_networks)
    assert on_cluster(files, options, "local", 2) == 1
    said = capfd.readouterr().err
    assert "none.mp4 does not exist" in said and "is left out: it has other networks" in said
    assert analyze(files[:3], replace(options, out=tmp_path / "one")) == 0
    assert rows(options.out) == rows(tmp_path / "one") and not (options.out / "unfinished").exists()


def test_no_scheduler_is_a_sentence(tmp_path, clips, monkeypatch):
    monkeypatch.setattr(cluster, "ANSWER", 0.5)
    with pytest.raises(ClusterError, match=r"No scheduler answers at tcp://127\.0\.0\.1"):
        on_cluster(
            [clips / "one-face.jpg"],
            AnalysisOptions(tmp_path, paths.models()),
            f"tcp://127.0.0.1:{closed_port()}",
        )


def kill_once(task, options):
    """Ends the process of the worker at the first file; the next ones fail, which takes no time."""
    mark = options.out / "killed"
    if not mark.exists():
        mark.touch()
        os._exit(1)
    return failed(task, options, f"{task.place.name} came to a worker")


def test_when_the_only_worker_dies_its_files_are_given_to_the_next(tmp_path, clips, monkeypatch, capfd):
    files = [shutil.copy(clips / "one-face.jpg", tmp_path / f"{i}.jpg") for i in range(2)]
    options = AnalysisOptions(tmp_path / "out", paths.models())
    monkeypatch.setattr(far, "measure_far", kill_once)
    assert on_cluster(files, options, "local", 1) == 1
    said = capfd.readouterr().err
    assert (options.out / "killed").exists() and all(f"{i}.jpg came to a worker" in said for i in range(2))


def test_the_child_of_a_worker_ends_when_no_file_comes(tmp_path, clips, monkeypatch):
    monkeypatch.setattr(far, "IDLE", 0.2)
    before = active_children()
    options = AnalysisOptions(tmp_path / "out", paths.models())
    assert far.measure_far(Task(clips / "one-face.jpg"), options).status is Status.DONE
    wait_for(lambda: active_children() == before)
