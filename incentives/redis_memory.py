"""What a Redis or Valkey does when its memory is full."""

from collections.abc import Mapping
from typing import Any


def evicts(memory: Mapping[str, Any]) -> bool:
    """Whether it forgets keys then, and with them jobs, by its own INFO memory."""
    policy = memory.get("maxmemory_policy", "noeviction")
    # Without a limit nothing is ever forgotten, whatever the policy says.
    return bool(memory.get("maxmemory", 0)) and policy != "noeviction"
