"""Every setting of the service, read from the environment in this one place.

`Config.from_environment(os.environ)` gives an object for `app.config.from_object`. The table of
settings that a person may set stands in docs/operations.md; what is fixed here is fixed for all.
"""

import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from redis.backoff import NoBackoff
from redis.retry import Retry

MEBIBYTE = 1024 * 1024

# Redis only carries hints: whoever waits for an answer of ours does not wait long for it.
REDIS_PATIENCE: dict[str, Any] = {
    "socket_connect_timeout": 0.25,
    "socket_timeout": 0.25,
    "retry": Retry(NoBackoff(), 0),
}


class ConfigError(ValueError):
    """A setting that cannot be used; the text is a sentence for the person who set it."""


@dataclass(frozen=True)
class Config:
    DATA_DIR: Path
    SQLALCHEMY_DATABASE_URI: str
    # None means: no Redis is known. The boards are then polled and the sweeper does all the work.
    REDIS_URL: str | None
    SECRET_KEY: str
    HOST: str
    # None means: the first free port from 8000.
    PORT: int | None
    # Where people reach the service, without a slash at the end. None means: as the request says.
    PUBLIC_URL: str | None
    # None means: the web process serves the live streams itself.
    LIVE_PORT: int | None
    DEMO: bool
    REPLAY: bool
    SESSION_COOKIE_SECURE: bool
    REMEMBER_COOKIE_SECURE: bool
    RATELIMIT_STORAGE_URI: str

    # Cookies on one host are shared by all its ports, so the name is our own.
    SESSION_COOKIE_NAME = "incentives"
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    PERMANENT_SESSION_LIFETIME = timedelta(days=14)
    REMEMBER_COOKIE_NAME = "incentives_remember"
    REMEMBER_COOKIE_HTTPONLY = True
    REMEMBER_COOKIE_SAMESITE = "Lax"
    REMEMBER_COOKIE_DURATION = timedelta(days=30)

    # How long a browser is told from a stranger's when passwords are guessed; it opens nothing.
    KNOWN_BROWSER_DURATION = timedelta(days=365)

    # The token ends with the session: a board left open all day can still be used.
    WTF_CSRF_TIME_LIMIT = None

    # Uploads are files of activities; a form holds at most a plan as text.
    MAX_CONTENT_LENGTH = 20 * MEBIBYTE
    MAX_FORM_MEMORY_SIZE = 2 * MEBIBYTE

    # When Redis is away each process counts for itself, rather than refusing or counting nothing.
    RATELIMIT_IN_MEMORY_FALLBACK_ENABLED = True
    RATELIMIT_STRATEGY = "moving-window"

    @property
    def RATELIMIT_STORAGE_OPTIONS(self) -> dict[str, Any]:
        return dict(REDIS_PATIENCE) if self.REDIS_URL else {}

    @property
    def SQLALCHEMY_ENGINE_OPTIONS(self) -> dict[str, Any]:
        """A connection that died unnoticed is replaced before it is used, and one that cannot be
        made is given up soon."""
        if self.SQLALCHEMY_DATABASE_URI.startswith("postgresql"):
            return {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}
        return {}

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Config":
        data_dir = Path(environ.get("DATA_DIR") or "var").absolute()
        make_private_directory(data_dir)
        redis_url = environ.get("REDIS_URL") or redis_url_on_file(data_dir)
        secure_cookies = flag(environ, "SECURE_COOKIES", default=False)
        return cls(
            DATA_DIR=data_dir,
            SQLALCHEMY_DATABASE_URI=database_url(environ.get("DATABASE_URL") or "", data_dir),
            REDIS_URL=redis_url,
            SECRET_KEY=environ.get("SECRET_KEY") or secret_on_file(data_dir),
            HOST=environ.get("HOST") or "127.0.0.1",
            PORT=port(environ, "PORT"),
            PUBLIC_URL=public_url(environ),
            LIVE_PORT=port(environ, "LIVE_PORT"),
            DEMO=flag(environ, "DEMO", default=True),
            REPLAY=flag(environ, "REPLAY", default=True),
            SESSION_COOKIE_SECURE=secure_cookies,
            REMEMBER_COOKIE_SECURE=secure_cookies,
            RATELIMIT_STORAGE_URI=redis_url or "memory://",
        )


def make_private_directory(directory: Path) -> None:
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"DATA_DIR {directory} cannot be made: {error.strerror}.") from error
    if not os.access(directory, os.W_OK | os.X_OK):
        raise ConfigError(f"DATA_DIR {directory} cannot be written to by this user.")


def database_url(given: str, data_dir: Path) -> str:
    """SQLite in the data directory unless told otherwise; PostgreSQL always by psycopg 3."""
    if not given:
        return f"sqlite:///{data_dir / 'incentives.db'}"
    scheme, separator, rest = given.partition("://")
    if separator and scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg://{rest}"
    return given


def redis_url_on_file(data_dir: Path) -> str | None:
    """Where `bin/run` says which Redis it uses, for the commands typed beside it."""
    try:
        return (data_dir / "redis.url").read_text().strip() or None
    except FileNotFoundError:
        return None


def secret_on_file(data_dir: Path) -> str:
    """The key that signs sessions: made once, for its owner only, the same for every process."""
    path = data_dir / "secret"
    if not path.exists():
        make_secret(path)
    secret = path.read_text().strip()
    if not secret:
        raise ConfigError(
            f"{path} is empty; remove it and a new secret is made (everybody logs in again)."
        )
    return secret


def make_secret(path: Path) -> None:
    """Written aside and linked: two processes starting at once both read one whole secret."""
    aside = path.with_name(f"secret.{os.getpid()}")
    with open(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(secrets.token_hex(32))
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()


def port(environ: Mapping[str, str], name: str) -> int | None:
    given = environ.get(name) or ""
    if not given:
        return None
    if given.isascii() and given.isdigit() and 1 <= int(given) <= 65535:
        return int(given)
    raise ConfigError(f"{name} must be a number from 1 to 65535, not {given!r}.")


def public_url(environ: Mapping[str, str]) -> str | None:
    given = (environ.get("PUBLIC_URL") or "").rstrip("/")
    if not given:
        return None
    if _is_origin(given):
        return given
    raise ConfigError(f"PUBLIC_URL must look like https://sales.example.com, not {given!r}.")


def _is_origin(given: str) -> bool:
    try:
        parts = urlsplit(given)
    except ValueError:  # a bracket that is not closed, or no address within
        return False
    is_whole = given == f"{parts.scheme}://{parts.netloc}" and parts.scheme in ("http", "https")
    return is_whole and bool(parts.hostname) and not parts.username and given.isprintable()


def flag(environ: Mapping[str, str], name: str, *, default: bool) -> bool:
    given = environ.get(name, "").strip().lower()
    if given in ("1", "yes", "true", "on"):
        return True
    if given in ("0", "no", "false", "off"):
        return False
    if not given:
        return default
    raise ConfigError(f"{name} must be 1 or 0, not {given!r}.")
