"""A small volume of its own, to be filled to the last byte. Only root may make one."""

import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

MEGABYTES = 48


class Volume:
    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="incentives-volume-"))
        self._ballast = self.directory / "ballast"
        _mount(self.directory)

    def fill(self, leave: int) -> None:
        """All but so many bytes."""
        free = os.statvfs(self.directory)
        with open(self._ballast, "wb") as file:
            os.posix_fallocate(file.fileno(), 0, free.f_bavail * free.f_frsize - leave)

    def make_room(self) -> None:
        self._ballast.unlink()

    def end(self) -> None:
        subprocess.run(["umount", "--lazy", self.directory], check=True)
        self.directory.rmdir()


def _mount(directory: Path) -> None:
    options = f"size={MEGABYTES}m,mode=755"
    subprocess.run(
        ["mount", "-t", "tmpfs", "-o", options, "incentives", directory],
        check=True,
        capture_output=True,
    )


@cache
def can_be_made() -> bool:
    """Whether this user may mount one; in many containers not even root may."""
    if os.geteuid() != 0:
        return False
    try:
        Volume().end()
    except (subprocess.CalledProcessError, FileNotFoundError):
        return False
    return True
