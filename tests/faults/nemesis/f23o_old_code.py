"""Old code on the new schema: while processes are renewed one by one after an upgrade, those of the
code before the newest migration still serve and calculate."""

import contextlib
import subprocess
import tarfile
from io import BytesIO

from incentives.supervisor.processes import PROJECT

NAME = "F23O"
WHAT = "the code before the newest migration serves and calculates on the upgraded database"
TIMES = (1, 6)
SECONDS = 10
LOAD = 20


def inject(house, chance, times):
    archive = _code_before_the_newest_migration()
    if archive is None:
        print("      F23O is left out: it needs the history of the code, in git")
        return
    old = house.directory / "old-code"
    with tarfile.open(fileobj=BytesIO(archive)) as tar:
        tar.extractall(old, filter="data")
    client = house.client("f23o")
    for _ in range(times):
        with _in_use(house, old):
            house.pause(SECONDS)
            client.send_all([house.deal() for _ in range(20)])
            house.seconds_to_catch_up()
        yield "old code in use"


@contextlib.contextmanager
def _in_use(house, old):
    """Web processes and workers of the old code in place of the new ones, at the same address."""
    new = [house.web, *house.refreshers]
    for each in new:
        each.stay_down()
    stand_ins = [house.keeper.add(each.in_another(old)) for each in new]
    try:
        yield
    finally:
        for each in stand_ins:
            each.stay_down()
        for each in new:
            each.come_back()


def _code_before_the_newest_migration():
    """As a tar; None where there is no history to take it from."""
    migrations = "migrations/versions"
    newest = max(file.name for file in (PROJECT / migrations).glob("[0-9]*.py"))
    # By whatever name it came.
    first = ("log", "--follow", "--diff-filter=A", "--format=%H", "-1")
    added = _git(*first, "--", f"{migrations}/{newest}")
    if not added:
        return None
    return _git("archive", "--format=tar", f"{added.decode().strip()}^") or None


def _git(*arguments):
    try:
        done = subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, check=False)
    except FileNotFoundError:
        return b""
    return done.stdout if done.returncode == 0 else b""
