"""How far a converted network is from MediaPipe's own inference of the original."""

from __future__ import annotations

import numpy as np

from app.stages.models import make_session
from app.system.quiet import without_chatter
from export.shipping.mediapipe.networks import Source, read
from export.shipping.mediapipe.original import Original
from export.shipping.mediapipe.samples import Samples

BATCH = 3  # pictures that the converted network gets at once; the original gets one


def differences(source: Source, content: bytes, samples: Samples) -> dict[str, float]:
    """The largest difference of each output on `samples`, in pixels of the input or logits.

    `content` is the converted network's file. Raises WheelError without the package.
    """
    original = read(source)
    names = [original.tensors[place].name for place in original.outputs]
    session = make_session(content, 1)
    worst = dict.fromkeys(source.head.shapes, 0.0)
    with without_chatter(), Original(source, len(names)) as mediapipe:
        for start in range(0, len(samples), BATCH):
            batch = samples[start : start + BATCH]
            found = session.run(list(worst), {source.input: batch})
            for index, picture in enumerate(batch):
                raw = dict(zip(names, mediapipe.run(picture), strict=True))
                expected = source.head.expected(raw)
                for name, values in zip(worst, found, strict=True):
                    far = float(np.abs(values[index] - expected[name]).max())
                    worst[name] = max(worst[name], far)
    return worst
