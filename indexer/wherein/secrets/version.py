"""What decides which secrets are kept out of an index, as a word in its header."""

import zlib
from functools import cache
from pathlib import Path

MASKING = "8"
"""Changes with how secrets are found and masked; what the data files say is told by their sum."""

DATA = ("rules.toml", "files.toml")


@cache
def masking_version() -> str:
    """Changes with MASKING and with every rule."""
    folder = Path(__file__).parent
    sum_of_data = 0
    for name in DATA:
        sum_of_data = zlib.crc32(folder.joinpath(name).read_bytes(), sum_of_data)
    return f"{MASKING}-{sum_of_data:08x}"
