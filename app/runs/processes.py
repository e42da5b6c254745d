"""Several processes of this computer, each measuring one file at a time."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from multiprocessing.connection import wait

from app.analysis.options import AnalysisOptions, LoadPipeline
from app.runs.child import Child
from app.runs.once import failed, shown_name
from app.runs.task import Outcome, Task
from app.sources.address import Place
from app.system.errors import UserError
from app.system.interruption import Interruption

ATTEMPTS = 3  # of a file that ends its process
LOOK_EVERY = 0.1  # s between two looks whether a signal came


class Processes:
    """As many processes as are asked for."""

    bar = True

    def __init__(
        self, options: AnalysisOptions, processes: int, load: LoadPipeline | None, interruption: Interruption
    ) -> None:
        """`load`, which can be pickled, gives the pipelines instead of `options.pipelines`."""
        self._options, self._most, self._load = options, processes, load
        self._interruption = interruption
        self._attempts: Counter[Place] = Counter()

    def outcomes(self, tasks: Sequence[Task]) -> Iterator[Outcome]:
        """As `Workers`."""
        waiting, idle, working = deque(tasks), list[Child](), dict[Child, Task]()
        with self._interruption.busy():
            try:
                while waiting or working:
                    while waiting and len(working) < self._most:
                        child = idle.pop() if idle else Child(self._options, self._load)
                        working[child] = waiting.popleft()
                        child.begin(working[child])
                    ready = set(wait([each for child in working for each in child.handles], LOOK_EVERY))
                    if self._interruption.came:
                        raise KeyboardInterrupt
                    for child in [child for child in working if ready & set(child.handles)]:
                        task, answer = working.pop(child), child.answer()
                        if isinstance(answer, UserError):
                            idle.append(child)
                            raise answer
                        if answer is None:
                            child.end()
                            again = self._died(task)
                        elif child.has_grown:
                            child.end()
                        else:
                            idle.append(child)
                        if answer is not None:
                            yield answer
                        elif again is None:
                            waiting.append(task)
                        else:
                            yield again
            finally:
                for child in (*working, *idle):
                    child.ask_to_end()
                for child in (*working, *idle):
                    child.end()

    def _died(self, task: Task) -> Outcome | None:
        """That `task` failed, where it has ended several processes; None where it is to be tried again."""
        self._attempts[task.place] += 1
        if self._attempts[task.place] < ATTEMPTS:
            return None
        return failed(task, self._options, ended_its_process(shown_name(task, self._options)))


def ended_its_process(name: str) -> str:
    """That the file `name` ends each process which reads it, as one sentence."""
    return (
        f"{name}: it ended its process {ATTEMPTS} times, perhaps because memory ran out, and is left out: "
        "try it alone, or get another copy."
    )
