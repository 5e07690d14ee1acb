"""How a house is built."""

from dataclasses import dataclass

from tests.faults.figures import PAYEES


@dataclass(frozen=True)
class Plan:
    """How a house is built. Recipes that ask for the same one share it."""

    database: str = "sqlite"
    payees: int = PAYEES
    web_workers: int = 2
    refreshers: int = 2
    # Redis is reached through a proxy of ours, which can lose, delay and cut.
    through_proxy: bool = False
    # Lines for the configuration of Redis.
    redis_settings: tuple[str, ...] = ()
    # Safeguards that are switched off, by name (safeguards.py).
    without: tuple[str, ...] = ()
    # The processes of one duty read their clock through a file of the house (patched.py).
    clocks: tuple[str, ...] = ()
    # The database is on a small volume of its own, which can really be full (volume.py).
    small_volume: bool = False
    # PostgreSQL is reached by TLS (tls.py).
    tls: bool = False
    # PostgreSQL is set to SERIALIZABLE: by itself it undoes some of those that meet.
    serializable: bool = False
    # Workers for whom some payees are poison.
    poisoned: bool = False
