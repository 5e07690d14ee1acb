"""nginx with Nchan, the module that streams from C: the peer, where it is installed."""

import contextlib
import http.client
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from tests.services.running_service import free_port

MODULE = Path("/usr/lib/nginx/modules/ngx_nchan_module.so")
MISSING = (
    "Nchan is not measured, because nginx with its module is not installed here "
    "(Debian: apt-get install nginx libnginx-mod-nchan)."
)

SETTINGS = """
load_module {module};
daemon off;
{user}
worker_processes 1;
worker_rlimit_nofile {files};
pid {directory}/nginx.pid;
error_log {directory}/error.log;
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    client_body_temp_path {directory}/body;
    proxy_temp_path {directory}/proxy;
    fastcgi_temp_path {directory}/fastcgi;
    uwsgi_temp_path {directory}/uwsgi;
    scgi_temp_path {directory}/scgi;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        nchan_message_buffer_length 1;
        location = /publish {{ nchan_publisher; nchan_channel_id board; }}
        location = /live {{ nchan_subscriber eventsource; nchan_channel_id board; }}
    }}
}}
"""


def program() -> str | None:
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    return found if MODULE.exists() else None


@contextlib.contextmanager
def running(directory: Path, files: int) -> Iterator[tuple[int, int]]:
    """Its port and the id of its one worker process."""
    directory.mkdir(exist_ok=True)
    port = free_port()
    settings = directory / "nginx.conf"
    settings.write_text(
        SETTINGS.format(
            module=MODULE,
            user="user root;" if os.geteuid() == 0 else "",
            files=files,
            connections=files - 100,
            directory=directory,
            port=port,
        )
    )
    server = subprocess.Popen([program(), "-p", directory, "-c", settings])
    try:
        time.sleep(0.5)
        yield port, _worker_of(server.pid)
    finally:
        server.terminate()
        server.wait()


def publish(port: int, body: str) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("POST", "/publish", body)
    answer = connection.getresponse()
    assert answer.status in (201, 202), answer.read()
    connection.close()


def _worker_of(master: int) -> int:
    children = Path(f"/proc/{master}/task/{master}/children").read_text().split()
    return int(children[0])
