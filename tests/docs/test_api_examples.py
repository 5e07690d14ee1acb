"""Every example of docs/api.md, run by curl against a live server."""

import json
import re
import subprocess
import threading
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from incentives.extensions import db
from incentives.operations.change_api_keys import SCOPES, create_api_key

EXAMPLE = re.compile(r"```sh\n(.+?)```(?:\n\n```json\n(.+?)```)?", re.DOTALL)
PAGE = Path("docs/api.md").read_text()
EXAMPLES = EXAMPLE.findall(PAGE)


class Quiet(WSGIRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture
def url(app):
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def holds(expected, answered):
    """Whether an answer says at least what is expected of it."""
    if isinstance(expected, dict):
        return isinstance(answered, dict) and all(
            name in answered and holds(value, answered[name]) for name, value in expected.items()
        )
    if isinstance(expected, list):
        return len(expected) == len(answered) and all(map(holds, expected, answered))
    return expected == answered


def test_the_page_says_what_each_scope_opens():
    rows = [line for line in PAGE.splitlines() if re.match(r"\| `\w+:\w+`", line)]
    assert {scope for row in rows for scope in re.findall(r"`(\w+:\w+)`", row)} == set(SCOPES)


def test_every_example_answers_as_it_says(world, url):
    world.payee("Ana Silva")
    world.login("Max", "manager")
    key = create_api_key("Docs", SCOPES, by=None, now=world.now)
    assert len(EXAMPLES) >= 6
    for command, expected in EXAMPLES:
        # What the server stored is seen by a transaction that begins after it.
        db.session.rollback()
        world.refresh()
        done = subprocess.run(
            ["sh", "-c", command],
            env={"URL": url, "KEY": key, "PATH": "/usr/bin:/bin", "NO_PROXY": "*"},
            capture_output=True,
            text=True,
            timeout=30,
        )
        assert done.returncode == 0, done.stderr
        answered = json.loads(done.stdout)
        if expected:
            assert holds(json.loads(expected), answered), (command, answered)


def test_the_commands_of_the_page_are_there(app):
    runner = app.test_cli_runner()
    made = runner.invoke(args=["api-key", "create", "CRM", "--scope", "activities:write"])
    assert made.exit_code == 0
    key = made.stdout.strip()
    assert re.fullmatch(r"inc_[0-9a-f]{48}", key)
    listed = runner.invoke(args=["api-key", "list"]).stdout
    assert key[:12] in listed
    assert key not in listed
    assert runner.invoke(args=["api-key", "revoke", key[:12]]).exit_code == 0
    assert runner.invoke(args=["api-key", "list"]).stdout == ""
    assert runner.invoke(args=["api-key", "revoke", key[:12]]).exit_code == 1
    assert runner.invoke(args=["api-key", "create", "CRM", "--scope", "pay:read"]).exit_code == 1
