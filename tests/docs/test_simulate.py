"""Every command of docs/simulate.md is run, and says what the page says."""

import re
import shlex

import pytest
from click.testing import CliRunner

from incentives.cli import plan, simulate
from incentives.ingest import activity_table, people_table, quota_table, rate_table
from incentives.ingest.columns import folded
from tests.docs.documents import PROJECT, blocks, document, fences

SIMULATE = "docs/simulate.md"
FLASK = [".venv/bin/flask", "--app", "wsgi"]
COMMANDS = {"plan": plan.command, "simulate": simulate.command}
FILES = {
    "### Activities": activity_table.FIELDS,
    "### Quotas": quota_table.FIELDS,
    "### People": people_table.FIELDS,
    "### Rates": rate_table.FIELDS,
}


def runs():
    """(command, what it prints) as they stand on the page, one below the other."""
    shown = [block for block in fences(SIMULATE) if block.said.split()[0] in ("sh", "text")]
    assert len(shown) % 2 == 0, "a command without output, or output without a command"
    for command, output in zip(shown[::2], shown[1::2], strict=True):
        assert (command.said, output.said.split()[0]) == ("sh", "text")
        yield pytest.param(command.text, output, id=command.heading)


@pytest.mark.parametrize(("command", "output"), runs())
def test_a_command_prints_what_the_page_shows(monkeypatch, command, output):
    monkeypatch.chdir(PROJECT)
    *flask, name = words(command)[:4]
    assert flask == FLASK
    answer = CliRunner().invoke(COMMANDS[name], words(command)[4:])
    if output.said == "text begins":
        assert answer.output.startswith(output.text)
    else:
        assert answer.output == output.text
    assert answer.exit_code == (1 if output.said == "text status 1" else 0)


def words(command):
    return shlex.split(command.replace("\\\n", " "))


def test_the_files_on_the_page_are_those_in_examples():
    shown = [block for block in fences(SIMULATE) if block.said.startswith("csv ")]
    assert shown
    for block in shown:
        assert document(f"docs/examples/{block.said.removeprefix('csv ')}") == block.text


def test_every_example_is_used():
    used = " ".join(block.text for block in blocks(SIMULATE, "sh"))
    for path in (PROJECT / "docs/examples").glob("*.*"):
        assert path.name == "README.md" or f"docs/examples/{path.name}" in used


@pytest.mark.parametrize(("heading", "file_fields"), FILES.items())
def test_the_tables_name_every_column_and_what_is_also_read(heading, file_fields):
    section = document(SIMULATE).partition(f"\n{heading}\n")[2].partition("\n##")[0]
    rows = re.findall(r"^\| `(\w+)` \|([^|]*)\|", section, re.MULTILINE)
    told = {name: {folded(word) for word in re.findall(r"`([^`]+)`", also)} for name, also in rows}
    assert told == {field.name: set(field.guesses) for field in file_fields}


def test_the_options_are_those_of_the_command():
    section = document(SIMULATE).partition("\n## Options\n")[2].partition("\n## ")[0]
    told = re.findall(r"`(--[\w-]+)`", "\n".join(re.findall(r"^\| ([^|]*) \|", section, re.M)))
    options = [each for each in simulate.command.params if each.opts[0].startswith("--")]
    assert sorted(told) == sorted(each.opts[0] for each in options)
