"""A supervisor over small stand-ins for web and worker; the tests run it as a program.

STAND_IN_WORKER says how the worker behaves:
  steady      lives until asked to end, with a child in a process group of its own, as RQ has
  stubborn    it and its child hear no SIGTERM
  dies        ends at once, every time
  dies and nobody needs it    the same, but the service goes on without
  finishes    ends well once, and is allowed to
"""

import os
import sys

from incentives.supervisor import processes
from incentives.supervisor.processes import Child
from incentives.supervisor.run import main
from incentives.supervisor.service import Service

WEB = """
import os, http.server
class Healthy(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/healthz" else 404)
        self.end_headers()
    def log_message(self, *_): pass
http.server.HTTPServer((os.environ["HOST"], int(os.environ["PORT"])), Healthy).serve_forever()
"""

WORKER = """
import os, signal, sys, time
kind = os.environ["STAND_IN_WORKER"]
print("worker", kind, os.getpid(), os.environ["REDIS_URL"])
if kind.startswith("dies"):
    sys.exit("no reason at all")
if kind == "finishes":
    sys.exit(0)
if kind == "stubborn":
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setpgrp()
while True:
    time.sleep(60)
"""


def prepare(config, processes, environ):
    pass


def notice(config, processes, environ):
    shown = Child("notice", [sys.executable, "-c", "print('Log in as ana.')"], environ)
    return processes.complete(shown, show=False)


def children(config, port, environ):
    may_end = os.environ["STAND_IN_WORKER"] == "finishes"
    return [
        Child("web", [sys.executable, "-c", WEB], environ, stop_order=1),
        Child(
            "worker",
            [sys.executable, "-c", WORKER],
            environ,
            stop_order=3,
            grace_seconds=1.0,
            may_end=may_end,
            is_vital=os.environ["STAND_IN_WORKER"] != "dies and nobody needs it",
        ),
    ]


if __name__ == "__main__":
    processes.FIRST_PAUSE_SECONDS = 0.05
    sys.exit(main(os.environ, Service(prepare=prepare, children=children, notice=notice)))
