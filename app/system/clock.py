"""The clock of everything live: it only goes forward, whatever is done to the wall clock, and counts sleep.

The clocks that Python itself offers stand still on Linux and macOS while the computer sleeps, so that an hour
with the lid shut would be no time at all. On Windows they go on: QueryPerformanceCounter counts the time in
standby and hibernation (Microsoft, Acquiring high-resolution time stamps).
"""

from __future__ import annotations

import sys
import time


def now() -> float:
    """Seconds since some moment before this program began; two of them may be compared, nothing else.

    It is CLOCK_BOOTTIME on Linux, CLOCK_MONOTONIC_RAW on macOS, and time.perf_counter elsewhere.
    """
    if sys.platform == "linux":
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    if sys.platform == "darwin":  # there it is mach_continuous_time; CLOCK_MONOTONIC may be slewed
        return time.clock_gettime(time.CLOCK_MONOTONIC_RAW)
    return time.perf_counter()
