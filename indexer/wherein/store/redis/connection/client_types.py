"""What the store knows of redis-py, whose own types speak of answers that are awaited or decoded."""

from typing import Any

Client = Any
"""A `redis.Redis` whose answers are bytes."""

Pipeline = Any
"""A pipeline of one."""

Reply = Any
"""What the server answered."""
