"""LSL, OSC and UDP over the loopback interface, received by other libraries and other processes."""

import json
import socket
import subprocess
import sys
import textwrap
import threading
import time
import uuid
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest

from app.__main__ import main
from app.cli.arguments import read
from app.cli.window import wanted
from app.playing.engine import Engine
from app.stages.actions.names import ACTIONS
from app.streams.gate import BURST, RATE
from app.streams.lsl import MarkerInlet
from app.streams.markers import one_line
from app.streams.osc import OscError, OscSender
from app.streams.streams import NOTHING, Address, StreamOptions, Streams
from app.streams.udp import UdpError, UdpMarkers
from app.system import clock
from app.types import EXPRESSIONS, Result
from tests.fakes import LONG, FakeSource, face, result, wait_for


def captured(*faces, ago):
    """A result that was captured `ago` seconds ago."""
    made = result(0, 0.0, *faces)
    return Result(replace(made.frame, captured=clock.now() - ago), made.faces)


# LSL


@pytest.fixture(scope="session")  # its library reads the configuration once in a process
def lsl(tmp_path_factory):
    """pylsl, kept to this computer and to this test."""
    config = tmp_path_factory.mktemp("lsl") / "lsl_api.cfg"
    config.write_text(
        "[ports]\nIPv6 = disable\n[multicast]\nResolveScope = machine\n"
        f"[lab]\nKnownPeers = {{127.0.0.1}}\nSessionID = test-{uuid.uuid4().hex}\n[log]\nlevel = -3\n"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LSLAPICFG", str(config))
        try:
            import pylsl
        except (ImportError, RuntimeError) as error:
            pytest.skip(f"liblsl does not load here: {error}")
        pylsl.local_clock()  # reads the configuration
        yield pylsl


def in_another_process(code, *arguments):
    command = [sys.executable, "-c", textwrap.dedent(code), *arguments]
    return subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]
    )


RECEIVER = """
    import json, sys, pylsl
    found = {}
    for name in ("Mien-Affect", "Mien-Markers"):
        info = pylsl.resolve_byprop("name", name, timeout=100)[0]
        inlet = pylsl.StreamInlet(info)
        inlet.open_stream(timeout=100)
        found[name] = inlet
    info = found["Mien-Affect"].info(timeout=100)
    print("ready", flush=True)
    sample, stamp = found["Mien-Affect"].pull_sample(timeout=100)
    text, when = found["Mien-Markers"].pull_sample(timeout=100)
    print(json.dumps({
        "labels": info.get_channel_labels(), "rate": info.nominal_srate(), "type": info.type(),
        "sample": sample, "stamp": stamp + found["Mien-Affect"].time_correction(), "now": pylsl.local_clock(),
        "text": text, "when": when + found["Mien-Markers"].time_correction(),
        "what": info.desc().child("channels").child("channel").child_value("description"),
    }))
"""


def test_another_process_receives_affect_and_markers_at_the_time_of_capture(lsl):
    streams = Streams(StreamOptions(lsl=True), 2, lambda *_: None)
    receiver = in_another_process(RECEIVER)
    try:
        assert receiver.stdout.readline() == "ready\n"
        sent = captured(face(3, valence=0.25, arousal=-0.5), ago=30)  # more than a machine can be late
        set_at = clock.now() - 60
        for sink in streams.sinks:
            sink(sent)
        streams.mark("look here: ä", set_at)
        lsl_clock = lsl.local_clock() - clock.now()
        said = json.loads(receiver.communicate(timeout=LONG)[0])
    finally:
        receiver.kill()
        receiver.wait()
        streams.close()
    values = dict(zip(said["labels"], said["sample"], strict=True))
    assert said["type"] == "Affect" and said["rate"] == 0 and said["what"] == "number of the face"
    assert len(values) == 2 * (8 + len(EXPRESSIONS) + len(ACTIONS))
    assert (values["face1_id"], values["face1_valence"], values["face1_arousal"]) == (3, 0.25, -0.5)
    assert values["face1_valence_smooth"] == 0.125
    probs = [values[f"face1_p_{name}"] for name in EXPRESSIONS]
    assert probs == pytest.approx(sent.faces[0].raw.probs.tolist())
    assert values["face1_left_eye_confidence"] == pytest.approx(0.9)
    assert np.isnan([v for name, v in values.items() if name.startswith("face2_")]).all()
    assert said["stamp"] == pytest.approx(sent.frame.captured + lsl_clock, abs=10)
    assert said["text"] == ["look here: ä"] and said["when"] == pytest.approx(set_at + lsl_clock, abs=10)


SENDER = """
    import sys, pylsl
    info = pylsl.StreamInfo("Stimulus", "Markers", 1, pylsl.IRREGULAR_RATE, "string", "stimulus")
    outlet = pylsl.StreamOutlet(info)
    assert outlet.wait_for_consumers(100)
    outlet.push_sample(["first\\tpicture"], pylsl.local_clock() - 30)
    sys.stdin.read()
"""


@pytest.mark.parametrize("patience", [2.0, 0.001])  # a sender that is slow to answer loses nothing
def test_markers_of_another_process_come_in_with_their_own_time(lsl, monkeypatch, patience):
    monkeypatch.setattr("app.streams.lsl.TIMEOUT", patience)
    got = []
    streams = Streams(StreamOptions(lsl=True), 1, lambda *marker: got.append(marker))
    begun = clock.now()
    sender = in_another_process(SENDER)
    try:
        streams.mark("our own", clock.now())  # must not come back in
        wait_for(lambda: got)
    finally:
        sender.communicate(timeout=LONG)
        streams.close()
    (text, origin, when) = got[0]
    assert (text, origin, len(got)) == ("first picture", "lsl", 1)
    assert begun - 40 < when < clock.now() - 20


def test_a_flood_over_lsl_is_a_few_markers_and_the_end_is_heard(lsl):
    got = []
    inlet = MarkerInlet(lambda *marker: got.append(marker))
    source = f"flood {uuid.uuid4()}"
    outlet = lsl.StreamOutlet(lsl.StreamInfo("Flood", "Markers", 1, lsl.IRREGULAR_RATE, "string", source))
    try:
        assert outlet.wait_for_consumers(60)
        begun = time.perf_counter()
        for i in range(20_000):
            outlet.push_sample([f"{i}" * 500])
        while not any(text == "the end" for text, _, _ in got):
            time.sleep(0.2)
            outlet.push_sample(["the end"])
            assert time.perf_counter() - begun < 100
        assert len(got) <= BURST + RATE * (time.perf_counter() - begun + 1)
        assert all(len(text) <= 200 for text, _, _ in got)
    finally:
        inlet.close()
        del outlet


def test_each_window_has_streams_of_its_own_and_new_ones_whenever_they_are_opened(lsl):
    def ids():
        return [info.source_id() for info in lsl.resolve_byprop("name", "Mien-Affect", 2, 1.0)]

    several = [Streams(StreamOptions(lsl=True), 1, lambda *_: None) for _ in range(2)]
    try:
        wait_for(lambda: len(found := ids()) == 2 and len(set(found)) == 2)
        before = set(ids())
        several.pop().close()
        several.append(Streams(StreamOptions(lsl=True), 1, lambda *_: None))  # opened again
        wait_for(lambda: len(found := ids()) == 2 and len(set(found) & before) == 1)
    finally:
        for streams in several:
            streams.close()


def test_a_frame_that_was_on_its_way_when_the_streams_closed_is_no_error(lsl, caplog):
    streams = Streams(StreamOptions(lsl=True), 4, lambda *_: None)
    streams.sinks[0](result(0, 0.0, face(1)))
    streams.close()
    streams.sinks[0](result(1, 0.1, face(1)))
    assert not caplog.records


@pytest.mark.parametrize(
    ("asked", "module"), [(StreamOptions(lsl=True), "pylsl"), (StreamOptions(osc=Address(9)), "pythonosc")]
)
def test_without_its_library_it_says_how_to_get_it(monkeypatch, asked, module):
    for name in [n for n in sys.modules if n.split(".")[0] == module]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, module, None)
    streams = Streams(replace(asked, udp_port=0), 1, lambda *_: None)
    streams.close()
    assert streams.sinks == () and len(streams.problems) == 1
    assert f"needs {module}, which is not installed: run make extras" in streams.problems[0]


def test_a_library_that_lacks_its_own_library_says_so(monkeypatch, tmp_path):
    (tmp_path / "pylsl.py").write_text(
        "raise RuntimeError('LSL binary library file was not found.\\nLong story')"
    )
    monkeypatch.syspath_prepend(tmp_path)
    for name in [n for n in sys.modules if n.split(".")[0] == "pylsl"]:
        monkeypatch.delitem(sys.modules, name)
    (problem,) = Streams(StreamOptions(lsl=True), 1, lambda *_: None).problems
    assert "does not load here (LSL binary library file was not found.): run make extras" in problem


# OSC


@pytest.fixture
def server():
    """A server of python-osc; gives its port and the list of what it got."""
    from pythonosc.dispatcher import Dispatcher
    from pythonosc.osc_server import ThreadingOSCUDPServer

    got = []
    dispatcher = Dispatcher()
    dispatcher.set_default_handler(lambda address, *values: got.append((address, values)))
    with ThreadingOSCUDPServer(("127.0.0.1", 0), dispatcher) as listening:
        thread = threading.Thread(target=listening.serve_forever, args=(0.05,))
        thread.start()
        yield listening.server_address[1], got
        listening.shutdown()
        thread.join()


def test_osc_says_who_shows_what_and_who_left(server):
    port, got = server
    sender = OscSender(port, people=2)
    sender(result(0, 0.0, face(7, valence=0.5, arousal=-0.25)))
    wait_for(lambda: len(got) == 6)
    said = dict(got)
    assert said["/mien/faces"] == (1,) and said["/mien/1/present"] == (1,)
    assert said["/mien/1/valence"] == (0.25,) and said["/mien/1/arousal"] == (-0.125,)
    made = face(7).smooth
    assert said["/mien/1/expression"] == (made.expression, pytest.approx(float(made.probs.max())))
    assert said["/mien/1/eyes"] == pytest.approx((made.eyes / 4).ravel().tolist())  # the picture is 4 x 4
    got.clear()
    sender(result(1, 0.1))
    sender(result(2, 0.2))
    wait_for(lambda: len(got) == 3)
    assert sorted(got) == [("/mien/1/present", (0,)), ("/mien/faces", (0,)), ("/mien/faces", (0,))]
    sender.close()


def test_osc_goes_on_when_nobody_listens_and_stays_on_this_computer():
    sender = OscSender(9)
    assert sender.address[0] == "127.0.0.1"
    for i in range(50):
        sender(result(i, i / 30, face(1)))
    sender.close()
    sender(result(51, 2.0, face(1)))  # a frame that was still on its way


def test_osc_to_an_unknown_computer_is_one_sentence():
    with pytest.raises(OscError, match="check the name"):
        OscSender(9000, "no.such.host.invalid")


# UDP


def send(port, data):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
        out.sendto(data, ("127.0.0.1", port))


def test_udp_lines_become_markers():
    got = []
    listener = UdpMarkers(0, lambda *marker: got.append(marker))
    before = clock.now()
    send(listener.port, "stimulus 1\nstimulus ä\r\n\n".encode())
    send(listener.port, b"\xff\x00bad\tbytes " + b"x" * 1000)
    wait_for(lambda: len(got) == 3)
    listener.close()
    assert [(text, origin) for text, origin, _ in got[:2]] == [("stimulus 1", "udp"), ("stimulus ä", "udp")]
    assert before <= got[0][2] <= clock.now()
    assert len(got[2][0]) == 200 and got[2][0].endswith("x") and "bad bytes" in got[2][0]


@pytest.mark.parametrize("line", [b"x", b"a longer marker", b"\xff" * 400])
def test_a_flood_of_datagrams_is_a_few_markers_and_the_end_is_heard(line):
    got = []
    listener = UdpMarkers(0, lambda *marker: got.append(marker))
    begun = time.perf_counter()
    for _ in range(3000):
        send(listener.port, b"\n".join([line] * (4000 // (len(line) + 1) or 1)))
    passed = time.perf_counter() - begun
    assert len(got) <= BURST + RATE * (passed + 1)
    while not any(text == "the end" for text, _, _ in got):  # there is room again after a moment
        time.sleep(0.1)
        send(listener.port, b"the end")
        assert time.perf_counter() - begun < 100
    listener.close()
    assert sum(origin == "mien" and "left out" in text for text, origin, _ in got) >= 1
    assert all(len(text) <= 200 for text, _, _ in got)


def test_udp_is_for_this_computer_only_and_a_taken_port_is_one_sentence():
    listener = UdpMarkers(0, lambda *_: None)
    try:
        bound = [each.laddr for each in psutil.Process().net_connections("udp")]
        assert [place.ip for place in bound if place.port == listener.port] == ["127.0.0.1"]
        with pytest.raises(UdpError, match="choose another port"):
            UdpMarkers(listener.port, lambda *_: None)
    finally:
        listener.close()


def test_what_cannot_be_opened_is_said_and_the_rest_runs(server):
    port, got = server
    taken = UdpMarkers(0, lambda *_: None)
    streams = Streams(StreamOptions(osc=Address(port), udp_port=taken.port), 1, lambda *_: None)
    try:
        assert len(streams.problems) == 1 and "choose another port" in streams.problems[0]
        streams.sinks[0](result(0, 0.0))
        wait_for(lambda: got)
    finally:
        streams.close()
        taken.close()


def test_nothing_is_on_unless_it_is_wanted():
    assert wanted(read([]).options) == NOTHING
    streams = Streams(NOTHING, 4, lambda *_: None)
    assert streams.sinks == streams.problems == ()
    streams.mark("nobody listens", clock.now())
    streams.close()


def test_the_command_line_says_what_is_wanted(capsys):
    asked = wanted(read(["--lsl", "--osc", "9000", "--udp-markers", "5005"]).options)
    assert asked == StreamOptions(True, Address(9000, "127.0.0.1"), 5005)
    assert wanted(read(["--osc", "stage.local:9000"]).options).osc == Address(9000, "stage.local")
    for wrong in ("0", "70000", "stage:", "port"):
        with pytest.raises(SystemExit) as stopped:
            read(["--osc", wrong])
        assert stopped.value.code == 2 and "is not a port" in capsys.readouterr().err


def test_streams_without_a_window_are_refused(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["--osc", "9000", "analyze", "clip.mp4"])
    assert stopped.value.code == 2 and "has no effect" in capsys.readouterr().err


def test_a_stream_that_fails_is_let_go_and_the_engine_runs_on():
    calls, later = [], []

    def broken(result):
        calls.append(result)
        raise RuntimeError("the library is broken")

    engine = Engine(FakeSource(), Result, sinks=(broken, later.append))
    engine.start()
    wait_for(lambda: len(later) > 3)
    assert engine.stop(LONG) and len(calls) == 1
    assert "the library is broken" in str(engine.failure(broken)) and engine.failure(later.append) is None


def test_plain_text():
    assert one_line(" a\x00\tb\u2028c ") == "a b c" and one_line("\n") == ""
