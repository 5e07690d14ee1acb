"""What README says can be done is done here, against a whole running service."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime

import pytest

from incentives import create_app
from incentives.extensions import db
from tests.conftest import config_for
from tests.docs.documents import PROJECT, blocks, document
from tests.services.missing import missing
from tests.services.running_service import RunningService
from tests.world import World

README = "README.md"
ADDRESS = "http://127.0.0.1:8000"
SETTING = r"""(?:environ\.get\(|(?:flag|port)\(environ, )"([A-Z_]+)\""""


@pytest.fixture
def service(sqlite_database, redis_url, tmp_path):
    """A company with the payee of README's example."""
    app = create_app(config_for(tmp_path, sqlite_database))
    with app.app_context():
        World(app, datetime.now(UTC)).payee("Reed Clapper")
        db.session.remove()
        db.engine.dispose()
    running = RunningService(tmp_path, sqlite_database, redis_url)
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture
def run(service):
    """Runs README's lines in one shell, as somebody who pastes them."""

    def run(*names):
        lines = [blocks(README, f"sh {name}")[0].text for name in names]
        script = "".join(lines).replace(ADDRESS, service.url).replace("curl ", "curl --silent ")
        done = subprocess.run(
            ["sh", "-eu", "-c", script],
            cwd=PROJECT,
            env=service.environ,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.mark.process
def test_the_example_makes_a_key_and_sends_an_activity(run):
    if shutil.which("curl") is None:
        missing("curl is missing; install it with: apt-get install -y curl")
    answer = json.loads(run("key", "activity"))
    said = json.loads(blocks(README, "json answer")[0].text)
    assert answer == {**said, "id": answer["id"]}
    standings = json.loads(run("key", "standings"))
    assert standings["standings"][0]["entrant"]["name"] == "Reed Clapper"


@pytest.mark.process
def test_the_import_example_stores_nothing(run):
    before = run("import")
    assert "8,800 would be created" in before
    assert run("import") == before


@pytest.mark.parametrize("name", [README, "docs/operations.md"])
def test_the_table_of_settings_names_exactly_what_is_read(name):
    section = document(name).partition("\n## Settings\n")[2].partition("\n## ")[0]
    listed = re.findall(r"^\| `([A-Z_]+)` \|", section, re.MULTILINE)
    assert sorted(listed) == sorted(set(re.findall(SETTING, document("config.py"))))


def test_the_commands_that_documents_name_are_there():
    for name in ("README.md", "CONTRIBUTING.md", "docs/operations.md"):
        for command in re.findall(r"(?<![\w/.])bin/[a-z]+", document(name)):
            assert (PROJECT / command).exists(), f"{name} names {command}"
