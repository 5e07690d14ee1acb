"""Tokens and keys are kept as hashes only: what is stolen from the database opens nothing."""

import hashlib


def token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
