"""Real Redis servers for tests: programs from PyPI, started on loopback and unix sockets, ended with the test."""

from redis_servers.server import RedisServer, free_port, wait_until

__all__ = ["RedisServer", "free_port", "wait_until"]
