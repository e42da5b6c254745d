"""Holds a source's rate on a slow machine: from what frames cost, it decides how much is done for each."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from app.types import Frame, Result, Workload

# From all that can be done to the least, ordered by what a step does to the values: to notice a new person
# within a second rather than a third of one changes none, landmarks that are followed by the eyes in between
# change them a little. To paint every second picture changes nothing that is measured, but the eye sees it.
LADDER: tuple[Workload, ...] = (
    Workload(),
    Workload(search=15),
    Workload(search=15, landmarks=2),
    Workload(search=15, landmarks=3),
    Workload(search=15, landmarks=3, pictures=2),
)
USUAL = 30.0  # frames a second of a source that does not say
LOOK = 0.5  # s between two judgements; each is of the frames since the last one
BUSY = 0.9  # of the time from frame to frame: when more is used, less is done
HALF = 0.6  # ... or when more than this is used and frames are lost: then it is us who lose them
LOST = 0.03  # share of frames lost, or by which a file plays too slowly: from here on we are too slow
SURE = 2  # looks in a row that must find it so: a hiccup is over by then; one at first, and with new faces
SEEN = 4  # before fewer pictures are painted: that is seen at once
ROOM = 0.8  # of the time that the next richer step may be expected to use before it is tried
STEEP, GUESS = 2.0, 1.5  # how much dearer it is: at most (nothing more than halves the cost); unless measured
PAINT = 1.1  # ... and of painting each picture, which is done beside the frames and only gets in their way
STEADY = 4  # looks that the load is evened out over before it is called leisure
CALM = 10.0  # s of such leisure before it is tried ...
LONGEST_CALM = 160.0  # ... doubled up to this each time that it was too much within this time
USUAL_SHARE = 0.95  # of the frames, without the dearest: a hiccup is no reason


class Tuner:
    """Told of each result of a source with `rate` frames a second; `workload` is for the next frames.

    It has no clock but that of the frames, so that the same results always lead to the same decisions.
    """

    def __init__(self, rate: float) -> None:
        self._period = 1e3 / (rate if rate > 0 else USUAL)  # ms
        self._why = "nothing was measured yet"
        self._ladder = LADDER
        self._step = 0
        self._seen = _Seen()
        self._load = 0.0  # share of the time used, evened out
        self._bad, self._found = 0, False  # looks in a row; whether a look since the last faces came was good
        self._calm, self._calm_since, self._tried = CALM, 0.0, -np.inf  # s
        self._trying, self._late = False, 0.0  # since a richer step; ms that its frames have to wait by now
        self._faces, self._failed_with = 0, 0  # at the last look; when a try was too much
        self._left: tuple[int, float] | None = None  # the step before the last change, and its cost
        self._steps: dict[Workload, float] = {}  # how many times as much the next richer step costs

    @property
    def workload(self) -> Workload:
        return self._ladder[self._step]

    @property
    def sentence(self) -> str:
        """What was chosen and why."""
        e = self.workload
        parts = [f"{e.precision} network", f"new faces looked for every {e.search} frames"]
        if e.landmarks > 1:
            parts.append(f"landmarks found in one of {e.landmarks} frames")
        if e.pictures > 1:
            parts.append(f"one of {e.pictures} pictures painted")
        return f"Automatic: {', '.join(parts)}, since {self._why}."

    def see(self, result: Result) -> bool:
        """Whether `workload` changed."""
        now = result.frame.time
        if not self._seen.costs:
            self._seen = _Seen(now)
        elif not 0 <= now - self._seen.since <= 1 + LOOK:  # a gap, or a leap in a file
            self._seen, self._calm_since, self._bad = _Seen(now), now, 0
        self._seen.add(result)
        before = self.workload
        if self._trying and self._too_much(result):  # over before a picture is lost
            seen, self._seen = self._seen, _Seen()
            self._compare(seen.cost())
            self._do_less(seen.cost(), now, self._used(seen.cost()))
        elif now - self._seen.since >= LOOK:
            seen, self._seen = self._seen, _Seen()
            self._judge(seen, now)
        return self.workload != before

    def record(self, live: bool) -> None:
        """From now on every frame is measured in full; of a file, everything is done.

        So the rows of a recording are alike, and those of a file do not depend on how fast the machine is.
        """
        whole = [e for e in LADDER if e.landmarks == 1]
        ladder = (*whole, replace(whole[-1], pictures=2)) if live else LADDER[:1]
        if self.workload not in ladder:
            self._why = "every frame of a recording is measured in full"
        self._climb(ladder, self.workload if self.workload in ladder else whole[-1] if live else LADDER[0])

    def recorded(self) -> None:
        """Everything may be chosen again."""
        self._climb(LADDER, replace(self.workload, pictures=1))

    def _climb(self, ladder: tuple[Workload, ...], workload: Workload) -> None:
        """Onto another ladder, which has this `workload`."""
        self._ladder, self._step, self._seen = ladder, ladder.index(workload), _Seen()
        self._left, self._bad, self._trying = None, 0, False

    def _judge(self, seen: _Seen, now: float) -> None:
        cost, lost, behind = seen.cost(), seen.lost / (len(seen.costs) + seen.lost), seen.behind()
        load, missed = cost / self._period, max(lost, behind) > LOST
        used = self._used(cost)
        if missed:
            used += " and " + (f"{lost:.0%} were lost" if lost > behind else f"{behind:.0%} came too late")
        self._compare(cost)
        self._bad = self._bad + 1 if load > BUSY or (load > HALF and missed) else 0
        faces, before = seen.faces(), self._faces
        self._faces, self._found = faces, self._bad == 0 or (self._found and faces <= before)
        self._load += (load - self._load) / STEADY
        if faces != before or self._bad > 0 or self._load * self._dearer() > ROOM:
            self._calm_since = now
        if self._step + 1 < len(self._ladder) and self._bad >= self._patience():
            self._do_less(cost, now, used)
        elif self._step > 0 and now - self._calm_since >= self._leisure():
            self._tried, self._late = now, 0.0
            self._go(-1, cost, now, f"{used}, which leaves room")
        else:
            self._trying = self._trying and self._bad > 0
            if self._step in (0, len(self._ladder) - 1):
                self._why = used

    def _used(self, cost: float) -> str:
        return f"a frame took {cost:.0f} of {self._period:.0f} ms"

    def _too_much(self, result: Result) -> bool:
        """Whether the step that is being tried makes the frames wait for longer than one of them lasts."""
        self._late = max(0.0, self._late + result.times.total - self._period)
        used = self._seen.cost() if len(self._seen.costs) > 1 else 0.0  # of the first one it may be a hiccup
        return self._late > self._period and used > BUSY * self._period

    def _leisure(self) -> float:
        """s of leisure before more is tried: long after a failure, but fewer people are another matter."""
        return self._calm if self._faces >= self._failed_with else CALM

    def _do_less(self, cost: float, now: float, used: str) -> None:
        if now - self._tried <= LONGEST_CALM:
            self._calm, self._failed_with = min(2 * self._leisure(), LONGEST_CALM), self._faces
        else:
            self._calm = CALM
        self._go(1, cost, now, used)

    def _go(self, way: int, cost: float, now: float, why: str) -> None:
        self._left, self._why, self._bad, self._calm_since = (self._step, cost), why, 0, now
        self._step += way
        self._trying = way < 0

    def _compare(self, cost: float) -> None:
        """At the first look after a change: how much the two steps differ."""
        if self._left is not None and cost > 0:
            (before, left), self._left = self._left, None
            ratio = left / cost if before < self._step else cost / left
            self._steps[self._ladder[max(before, self._step)]] = max(ratio, 1.0)

    def _patience(self) -> int:
        """How many bad looks in a row lead to less; one that is tried has not proved itself yet."""
        if self._ladder[self._step + 1].pictures > 1:
            return SEEN
        return SURE if self._found and not self._trying else 1

    def _dearer(self) -> float:
        """How many times as much as now the next richer step is likely to cost."""
        if self._step == 0:
            return 1.0
        return min(self._steps.get(self.workload, GUESS), PAINT if self.workload.pictures > 1 else STEEP)


@dataclass(slots=True)
class _Seen:
    """Frames since the last judgement."""

    since: float = 0.0  # s
    costs: list[float] = field(default_factory=list)  # ms of each
    waits: list[float] = field(default_factory=list)  # s from one frame's entry to the next one's
    people: list[int] = field(default_factory=list)  # in each
    lost: int = 0
    last: Frame | None = None

    def add(self, result: Result) -> None:
        frame, self.last = self.last, result.frame
        if frame is not None:
            self.waits.append(result.frame.captured - frame.captured)
        self.costs.append(result.times.total)
        self.people.append(len(result.faces))
        self.lost += result.frame.dropped

    def cost(self) -> float:
        """ms of a usual frame."""
        return _usual(self.costs)

    def faces(self) -> int:
        """In a usual frame."""
        return sorted(self.people)[len(self.people) // 2]

    def behind(self) -> float:
        """The share by which a file plays too slowly, which loses no frame; 0 of a camera."""
        assert self.last is not None
        wanted = (self.last.time - self.since) / max(1, len(self.waits))
        return 1 - wanted / max(wanted, _usual(self.waits)) if self.waits and wanted > 0 else 0.0


def _usual(values: list[float]) -> float:
    """The mean without the largest ones."""
    return float(np.sort(values)[: max(1, int(USUAL_SHARE * len(values)))].mean())
