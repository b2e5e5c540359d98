"""What decoding raises if a store holds other values than were written."""

import struct
import zlib

UNDECODABLE = (
    *(ValueError, LookupError, OverflowError, EOFError, TypeError, AttributeError),
    *(struct.error, zlib.error),
)
