"""What the database says when it cannot do something, told in one place.

PostgreSQL says it by SQLSTATE, SQLite by words.
"""

from sqlalchemy.exc import DBAPIError, IntegrityError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from incentives.errors import OutOfSpace, Refused, Taken, Unavailable

_UNIQUE = "23505"
_FULL = "53100"
_LOST_AGAINST_ANOTHER = ("40001", "40P01")
# Connections that break, and servers that are told to stop or are just starting.
_CUT = ("08", "57P")
# Waited too long for a lock or idle too long, too many connections, too little memory.
_PASSING = ("55P03", "25P03", "53")
_SQLITE_FULL = ("database or disk is full", "disk I/O error")
_SQLITE_BUSY = ("database is locked", "database table is locked", "unable to open database file")


def as_refusal(error: BaseException) -> Refused | None:
    """What to say about an error of the database; None where it is a fault of ours."""
    if isinstance(error, PoolTimeout):
        return Unavailable()
    if not isinstance(error, DBAPIError):
        return None
    state, words = _state(error), str(error.orig)
    if isinstance(error, IntegrityError):
        is_unique = state == _UNIQUE or words.startswith("UNIQUE constraint failed")
        return Taken() if is_unique else None
    if state == _FULL or words.startswith(_SQLITE_FULL):
        return OutOfSpace()
    if is_lost(error) or state.startswith(_PASSING) or words.startswith(_SQLITE_BUSY):
        return Unavailable()
    return None


def is_lost(error: BaseException) -> bool:
    """Whether the transaction as a whole was undone by no fault of its own, so that the same may
    well be done at once: it lost against another one, or its connection was cut."""
    if lost_against_another(error):
        return True
    if not isinstance(error, OperationalError | InterfaceError):
        return False
    # psycopg knows no SQLSTATE where there is no connection to have one.
    no_connection = type(error.orig).__module__.startswith("psycopg") and not _state(error)
    return error.connection_invalidated or no_connection or _state(error).startswith(_CUT)


def lost_against_another(error: BaseException) -> bool:
    """Serialization failure or deadlock: PostgreSQL has undone the transaction, for certain."""
    return isinstance(error, DBAPIError) and _state(error) in _LOST_AGAINST_ANOTHER


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""
