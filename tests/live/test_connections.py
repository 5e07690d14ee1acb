"""One connection may carry the requests of many people, as behind a proxy: none sees another's."""

import http.client
import re
import time
from contextlib import closing

import pytest

from tests.conftest import NOW
from tests.services.running_service import RunningService
from tests.world import PASSWORD, World

FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def service(app, sqlite_database, redis_url, tmp_path):
    running = RunningService(tmp_path, sqlite_database, redis_url, workers=())
    try:
        yield running
    finally:
        running.stop()


class Connection:
    """Requests on one connection that is kept alive, with cookies only where they are given."""

    def __init__(self, port):
        self.http = http.client.HTTPConnection("127.0.0.1", port, timeout=20)

    def ask(self, method, path, body=None, *, cookie="", kind=FORM):
        headers = {"Cookie": cookie, "Content-Type": kind}
        if body:
            headers["Content-Length"] = str(len(body))
        self.http.request(method, path, body=body and in_two_parts(body), headers=headers)
        answer = self.http.getresponse()
        answer.page = answer.read().decode()
        return answer

    def close(self):
        self.http.close()


def in_two_parts(body):
    """The end comes late, so that the service has to wait for it while it works on the request."""
    yield body[:-20].encode()
    time.sleep(0.3)
    yield body[-20:].encode()


def cookies_of(answer, before=""):
    found = dict(part.split("=", 1) for part in before.split("; ") if part)
    for name, value in answer.getheaders():
        if name.lower() == "set-cookie":
            key, _, rest = value.partition("=")
            found[key] = rest.split(";", 1)[0]
    return "; ".join(f"{key}={value}" for key, value in found.items())


def csrf_in(answer):
    return re.search(r'name="csrf_token" value="([^"]+)"', answer.page).group(1)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_whoever_comes_after_a_large_upload_on_its_connection_is_not_its_sender(app, service):
    World(app, NOW).login("Sam", "administrator")
    with closing(Connection(service.port)) as connection:
        _upload_and_leave(connection)


def _upload_and_leave(connection):
    form = connection.ask("GET", "/sign-in")
    cookie = cookies_of(form)
    answer = connection.ask(
        "POST",
        "/sign-in",
        f"csrf_token={csrf_in(form)}&email=sam%40example.com&password={PASSWORD.replace(' ', '+')}",
        cookie=cookie,
    )
    assert answer.status == 302, answer.page
    cookie = cookies_of(answer, cookie)

    page = connection.ask("GET", "/data", cookie=cookie)
    cookie = cookies_of(page, cookie)
    rows = "name,price\n" + "".join(f"Product {n},{n}\n" for n in range(40_000))
    parts = [("csrf_token", "", csrf_in(page)), ("file", '; filename="products.csv"', rows)]
    body = "".join(
        f'--cut\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{content}\r\n'
        for name, more, content in parts
    )
    upload = connection.ask(
        "POST",
        "/data/imports",
        f"{body}--cut--\r\n",
        cookie=cookie,
        kind="multipart/form-data; boundary=cut",
    )
    assert upload.status == 302, upload.page

    # The sender still gets on with it, and a stranger on the same connection is a stranger.
    assert connection.ask("GET", upload.getheader("Location"), cookie=cookie).status == 200
    stranger = connection.ask("GET", "/data")
    assert stranger.status == 302
    assert stranger.getheader("Location").startswith("/sign-in")
