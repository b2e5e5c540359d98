"""Types for redis-py: its own also allow answers that are awaited or decoded, which the store's never are."""

from typing import Any

Client = Any
"""A `redis.Redis` whose answers are bytes."""

Pipeline = Any
"""A pipeline of one."""

Reply = Any
"""What the server answered."""
