"""An upgrade of the database that is killed before its nth statement; with 0 it is not.

python -m tests.faults.migrating N
"""

import os
import signal
import sys
from itertools import count

from flask_migrate import upgrade
from sqlalchemy import event

from incentives import create_app
from incentives.extensions import db


def main(fatal: int) -> None:
    statements = count(1)

    def before_a_statement(*_: object) -> None:
        if next(statements) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    with create_app().app_context():
        event.listen(db.engine, "before_cursor_execute", before_a_statement)
        upgrade()


if __name__ == "__main__":
    main(int(sys.argv[1]))
