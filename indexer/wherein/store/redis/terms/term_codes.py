"""Short codes for the commonest terms of code: the more common a term, the shorter its code.

A term's hash has three bytes. Of the terms of a chunk two fifths are among the 191 commonest, one byte each, and as
many among the 16,384 next, two bytes. The list is data in the package (`scripts/make_common_terms.py`), and its order a
part of what is stored.
"""

import base64
import re
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("common_terms.txt")
"""The hashes, the commonest first, in base64."""

HASH_BYTES = 3

_FIRST_OF_TWO, _PLAIN = 191, 255
"""What a code of two bytes begins with, at least; and what stands before a hash that is not in the list."""

KNOWN = _FIRST_OF_TWO + (_PLAIN - _FIRST_OF_TWO) * 256

_CODE = re.compile(
    b"[\\0-\\%o]|[\\%o-\\%o].|\\377..." % (_FIRST_OF_TWO - 1, _FIRST_OF_TWO, _PLAIN - 1), re.DOTALL
)


@cache
def _list() -> bytes:
    return base64.b64decode(FILE.read_bytes())


@cache
def _codes() -> dict[bytes, bytes]:
    raw = _list()
    return {raw[at : at + HASH_BYTES]: _code(at // HASH_BYTES) for at in range(0, len(raw), HASH_BYTES)}


def _code(place: int) -> bytes:
    if place < _FIRST_OF_TWO:
        return bytes([place])
    first, second = divmod(place - _FIRST_OF_TWO, 256)
    return bytes([_FIRST_OF_TWO + first, second])


class _Hashes(dict[bytes, bytes]):
    """Code → hash, as codes are met."""

    def __missing__(self, code: bytes) -> bytes:
        if code[0] == _PLAIN:
            return code[1:]  # not kept: there is no end of them
        place = code[0] if len(code) == 1 else _FIRST_OF_TWO + (code[0] - _FIRST_OF_TWO) * 256 + code[1]
        self[code] = found = _list()[place * HASH_BYTES : (place + 1) * HASH_BYTES]
        return found


_hashes = _Hashes()


def encoded(hashes: bytes) -> bytes:
    """Hashes of three bytes each, in short."""
    known = _codes()
    each = [hashes[at : at + HASH_BYTES] for at in range(0, len(hashes), HASH_BYTES)]
    return b"".join([known.get(one) or b"\xff" + one for one in each])


def decoded(codes: bytes) -> bytes:
    """The reverse of `encoded`."""
    return b"".join(map(_hashes.__getitem__, _CODE.findall(codes)))
