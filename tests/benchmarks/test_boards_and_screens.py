"""What times boards and screens (bin/bench) runs, and counts what it says it counts."""

import json
import socket
import subprocess
import sys
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from benchmarks import boards, crowd
from benchmarks.screens import Screens
from incentives.core.boards.privacy import Viewer


@pytest.fixture
def small(monkeypatch):
    monkeypatch.setattr(crowd, "TEAMS", 3)
    for name, number in {"CROWDS": (20,), "ROUNDS": 1, "SOLD": 2}.items():
        monkeypatch.setattr(boards, name, number)


def test_a_board_of_twenty_is_timed_in_four_ways(small):
    measures = list(boards.measures(None))
    assert [measure.name.split(",")[0] for measure in measures] == [
        "2 have sold something",
        "A page of 50",
        "Place and neighbours asked for",
        "Neighbours on the board at hand",
    ]
    assert all(measure.ours > 0 and measure.peer > 0 for measure in measures[:3])


def test_who_sells_more_is_seen_to_have_sold_it(small, tmp_path):
    with crowd.a_crowd(tmp_path, 20) as ids:
        before = sold_by_each()
        crowd.sell_more(ids[:1])
        after = sold_by_each()
    assert before.keys() == set(ids)
    # 1000000000 is how 1,000.00 is stored.
    assert after == before | {ids[0]: before[ids[0]] + 1_000}


def sold_by_each():
    board = boards._read(Viewer("manager", None), limit=50)
    return {row.entrant.id: row.standing.score for row in board.rows}


@pytest.fixture
def screen():
    """A screen, and what is sent to it."""
    here, there = socket.socketpair()
    here.setblocking(False)
    with there, Screens(0, "/") as screens:
        screens._sockets[here.fileno()] = here

        def had(*pieces):
            for piece in pieces:
                there.sendall(piece)
                screens._read(here.fileno())
            return [version for _, version in screens._had.get(here.fileno(), [])]

        yield had


@pytest.mark.parametrize(
    "pieces",
    [
        [b"id: 7\ndata: {}\n\nid: 8\ndata: {}\n\n"],
        [b"id: 7\nda", b"ta: {}\n\n", b"id: 8\n", b"data: {}\n\n"],
        [b"i", b"d: ", b"7", b"\ndata: {}\n", b"\nid: 8\ndata: {}\n\n"],
        [b"id: 7\ndata: {}\n\n", b"event: ping\ndata: {}\n\n", b"id: 8\ndata: {}\n\n"],
    ],
)
def test_a_screen_has_each_version_once_however_its_events_are_cut(screen, pieces):
    assert screen(*pieces) == [7, 8]


def test_a_version_is_on_a_screen_when_its_end_is_there(screen):
    assert screen(b"id: 7\ndata: {") == []
    assert screen(b"}\n\n") == [7]


@contextmanager
def intake(status):
    """Says this of each activity, and listens to nothing."""

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            body = json.dumps([{"status": status} for _ in sent]).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        serving = Thread(target=server.serve_forever, args=[0.01])
        serving.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            serving.join()


def sent_to(port):
    # 100 a second in batches of 2, for 0.1 seconds: five requests.
    said = [str(port), "key", "100", "2", "0.1", "ana-silva"]
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.sender", *said], capture_output=True, check=False
    )


def test_a_sender_tells_when_each_request_was_sent_and_answered():
    with intake("created") as port:
        times = json.loads(sent_to(port).stdout)
    assert len(times) == 5
    assert all(sent < answered for sent, answered in times)


def test_a_sender_does_not_take_a_refused_activity_for_a_stored_one():
    with intake("rejected") as port:
        ended = sent_to(port)
    assert ended.returncode != 0
    assert b"'status': 'rejected'" in ended.stderr
