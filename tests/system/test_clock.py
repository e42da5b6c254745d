import subprocess
import sys
import time

import pytest

from app.system import clock


def test_it_goes_forward_as_other_clocks_do():
    begun, other = clock.now(), time.perf_counter()
    while (passed := clock.now() - begun) < 1e-3:
        assert passed >= 0 and time.perf_counter() - other < 5
    assert passed == pytest.approx(time.perf_counter() - other, abs=5)  # s: a machine that is busy


@pytest.mark.skipif(sys.platform != "linux", reason="the name of the clock of Linux")
def test_on_linux_it_counts_sleep():
    before = time.clock_gettime(time.CLOCK_BOOTTIME)
    assert before <= clock.now() <= time.clock_gettime(time.CLOCK_BOOTTIME)


@pytest.mark.parametrize(
    ("system", "name"), [("linux", "CLOCK_BOOTTIME"), ("darwin", "CLOCK_MONOTONIC_RAW"), ("win32", "")]
)
def test_each_system_has_the_clock_that_counts_sleep(system, name):
    """In a process of its own, in which every clock has another time."""
    code = f"""
import sys, time, app
sys.platform = {system!r}
time.CLOCK_BOOTTIME, time.CLOCK_MONOTONIC_RAW = "CLOCK_BOOTTIME", "CLOCK_MONOTONIC_RAW"
time.clock_gettime, time.perf_counter = (lambda which: which), (lambda: "")
from app.system import clock
print(clock.now())
"""
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == name
