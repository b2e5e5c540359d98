"""The error if redis-py is not installed."""

from wherein.errors import ConfigError
from wherein.extras import install_command


def lacks_redis() -> ConfigError:
    """The error, with a command for the environment that runs this: wherein may come from a clone."""
    return ConfigError(
        "The Redis store needs the Python packages redis and hiredis.",
        remedy=install_command("redis"),
    )
