"""The system's chromium for pytest-playwright, which brings none of its own."""

import shutil

import pytest

from tests.services.missing import missing

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    # Nothing but the pages under test is talked to.
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium_path() -> str:
    for name in NAMES:
        path = shutil.which(name)
        if path:
            return path
    return missing("chromium is missing; install it with: apt-get install -y chromium")


@pytest.fixture(scope="session")
def browser_type_launch_args():
    """pytest-playwright starts its browser with these."""
    return {"executable_path": chromium_path(), "args": ARGUMENTS, "headless": True}
