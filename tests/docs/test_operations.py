"""The commands that docs/operations.md lists are those there are."""

import re

from incentives.discovery import found_in
from tests.docs.documents import document


def test_every_command_is_listed_and_no_other():
    section = document("docs/operations.md").partition("\n## Commands\n")[2].partition("\n## ")[0]
    listed = set(re.findall(r"^\| `([a-z-]+)", section, re.MULTILINE))
    # Flask-Migrate brings the one that is not ours.
    assert listed - {"db"} == {command.name for command in found_in("incentives.cli", "command")}
