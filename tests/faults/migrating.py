"""An upgrade of the database that is killed before its nth statement; with 0 it is not, and a file
is told how many there are.

python -m tests.faults.migrating N [FILE]
"""

import os
import signal
import sys
from itertools import count
from pathlib import Path

from flask_migrate import upgrade
from sqlalchemy import event

from incentives import create_app
from incentives.extensions import db


def main(fatal: int, told: Path | None = None) -> None:
    statements = count(1)

    def before_a_statement(*_: object) -> None:
        if next(statements) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    with create_app().app_context():
        event.listen(db.engine, "before_cursor_execute", before_a_statement)
        upgrade()
    if told:
        told.write_text(str(next(statements) - 1))


if __name__ == "__main__":
    main(int(sys.argv[1]), *map(Path, sys.argv[2:]))
