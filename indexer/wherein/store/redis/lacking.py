"""What is said where redis-py is not installed."""

import shlex
import sys

from wherein.errors import ConfigError


def lacks_redis() -> ConfigError:
    """With a command for the very environment that runs this: wherein may come from a clone."""
    return ConfigError(
        "The Redis store needs the Python packages redis and hiredis.",
        remedy=f"{shlex.quote(sys.executable)} -m pip install redis hiredis",
    )
