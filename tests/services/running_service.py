"""The whole service as its own processes: web with streams, worker and ticker, on a free port."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

from incentives.supervisor.processes import dies_with


class RunningService:
    """Started on a prepared database; `stop()` ends every process it started."""

    def __init__(self, data_dir, database_url, redis_url, *, workers=("refresh", "ticker")):
        self.environ = {
            **os.environ,
            "DATA_DIR": str(data_dir),
            "DATABASE_URL": database_url,
            "REDIS_URL": redis_url,
            "SECRET_KEY": "tests only",
        }
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log = open(data_dir / "service.log", "ab")  # noqa: SIM115  closed by stop()
        self.processes = {"web": self.start_web()}
        for duty in workers:
            self.processes[duty] = self._start("-m", "workers", duty)
        try:
            self.wait_until_ready(ready="refresh" in workers)
        except TimeoutError:
            self.stop()
            raise

    def start_web(self):
        return self._start(
            *("-m", "uvicorn", "asgi:app", "--port", str(self.port), "--log-level", "warning"),
            *("--timeout-graceful-shutdown", "1"),
        )

    def _start(self, *arguments):
        return subprocess.Popen(
            [sys.executable, *arguments],
            env=self.environ,
            stdout=self.log,
            stderr=self.log,
            preexec_fn=dies_with(os.getpid()),
        )

    def wait_until_ready(self, *, ready=True, seconds=120):
        path = "/readyz" if ready else "/healthz"
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                with urllib.request.urlopen(self.url + path, timeout=2):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise TimeoutError(f"the service was not ready on {self.url} after {seconds} s")

    def kill_web(self):
        self.processes["web"].send_signal(signal.SIGKILL)
        self.processes["web"].wait()

    def stop(self):
        for process in self.processes.values():
            process.kill()
        for process in self.processes.values():
            process.wait()
        self.log.close()


def free_port():
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
