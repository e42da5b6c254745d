"""The route of a frame, from its source to everyone who uses the result.

1. source: a camera or a file gives the frame (`app.sources`), with its number and time
2. pipeline: detects, tracks, reads and smooths the faces (`app.stages.pipeline`)
3. tuner: sees what the frame cost, and sets the workload of the next one (`app.playing.tuner`)
4. baseline: gives each face the baseline of its person (`app.stages.baseline`)
5. mailbox: holds the newest result for the window (`app.system.mailbox`)
6. sinks, each of which gets every result: history, then streams, then the recorder while one runs

`Engine` does 1, 5 and 6 on its thread; `FrameProcessor` is 2 to 4, in between.

The source numbers its frames 0, 1, 2 ... from `open` to `close`. A camera also counts the frames that are
dropped, and goes on counting after it was unplugged. The engine changes a number in one case: a file that is
played in a loop goes on counting, too.
"""

from __future__ import annotations

from collections.abc import Callable

from app.playing.adaptive import AdaptivePipeline
from app.playing.protocols import LivePipeline, PlayedSource
from app.stages.baseline import BaselineStage
from app.types import Frame, Result


class FrameProcessor:
    """Measures the frames of one source, one after the other: pipeline, tuner, baseline.

    Make a new one for each source, so that no id, filter or baseline is kept from the one before.
    """

    def __init__(
        self, pipeline: LivePipeline, source: PlayedSource, choice: str, baseline: BaselineStage,
        changed: Callable[[], None] = lambda: None,
    ) -> None:  # fmt: skip
        """`pipeline` is a fresh one. `baseline` is cleared.

        `choice` is one of `types.PRECISION_CHOICES`; `changed` is called whenever the workload changes.
        """
        self.pipeline = pipeline
        self.adaptive = AdaptivePipeline(pipeline, lambda: source.mode.rate, choice, changed)
        self.baseline = baseline
        baseline.clear()

    def process(self, frame: Frame) -> Result:
        """Everything that is known of each face in `frame`. Raises ModelError."""
        result = self.adaptive.process(frame)  # the pipeline, watched by the tuner
        return self.baseline.apply(result)

    def close(self) -> None:
        """Free what the networks hold. Nothing is processed afterwards."""
        self.pipeline.close()
