"""Find the key a program sends, and note that it was used."""

from datetime import datetime, timedelta

from incentives.store.api_keys import ApiKey, UsedKey, used_key
from incentives.store.transaction import writing
from incentives.tokens import token_hash

# Noting every request would make every reader a writer.
NOTED_EVERY = timedelta(minutes=1)


def use_api_key(key: str, *, now: datetime) -> UsedKey | None:
    """The key with this secret, if it is known and not revoked."""
    if not key.isascii():
        return None
    found = used_key(token_hash(key))
    if found is not None and (found.used_at is None or now - found.used_at >= NOTED_EVERY):
        with writing() as session:
            session.get_one(ApiKey, found.id).used_at = now
    return found
