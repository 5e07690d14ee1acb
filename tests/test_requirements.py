import re
from pathlib import Path

PROJECT = Path(__file__).parents[1]


def test_tests_run_against_exactly_what_runs():
    assert pins("requirements.txt") <= pins("requirements-dev.txt")


def test_every_package_is_pinned_with_hashes():
    for name in ("requirements.txt", "requirements-dev.txt"):
        for block in re.split(r"\n(?=\S)", (PROJECT / name).read_text()):
            if not block.startswith("#"):
                assert "--hash=sha256:" in block, block


def pins(name):
    return set(re.findall(r"^[\w.-]+==\S+(?: ;.*)?", (PROJECT / name).read_text(), re.MULTILINE))
