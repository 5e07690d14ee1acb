"""Find the key a program sends, and note that it was used."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from incentives.store.api_keys import ApiKey, api_key_by_hash
from incentives.store.transaction import writing
from incentives.tokens import token_hash

# Noting every request would make every reader a writer.
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class KeyInUse:
    id: int
    scopes: tuple[str, ...]


def use_api_key(key: str, *, now: datetime) -> KeyInUse | None:
    """The key with this secret, if it is known and not revoked."""
    if not key.isascii():
        return None
    found = api_key_by_hash(token_hash(key))
    if found is None:
        return None
    in_use = KeyInUse(found.id, tuple(found.scopes))
    if found.used_at is None or now - found.used_at >= NOTED_EVERY:
        with writing() as session:
            session.get_one(ApiKey, in_use.id).used_at = now
    return in_use
