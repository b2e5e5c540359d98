"""Profiles in less space: they are most of what a search receives, and a twentieth of what a chunk takes.

A profile is a run of records of five bytes: a number and its weight. The highest byte of most numbers is 0, equal
weights stand together, and most numbers are of terms that are common in code (`terms/term_codes.py`). A profile of any
other form is kept as it is, so that every profile can be read back.
"""

from wherein.remembered import Remembered
from wherein.store.redis.terms import term_codes

SIZE = 5
KEPT = 32_768
"""Unpacked profiles that are remembered, since many are found again and again: 11 us each, and 12 MB together at most.
With a quarter of them, 100 questions to 50,000 chunks asked by turns took 8.0 to 9.4 ms of the reader's processor
instead of 6.5 to 6.8."""

_AS_IT_IS = 255
_MOST = 254
_COUNTS = [bytes([count]) for count in range(256)]


def packed(profile: bytes) -> bytes:
    """The profile as `unpacked` reads it: the number of records of weight 0 and of groups of others; the former
    records; the weight and size of each group; the codes of the latter records."""
    counts = profile[4::SIZE]
    head = len(counts) - len(counts.lstrip(b"\0"))
    rest = counts[head:]
    groups = list(dict.fromkeys(rest))
    sizes = list(map(rest.count, groups))
    begin = head * SIZE
    canonical = (
        not len(profile) % SIZE
        and head < _AS_IT_IS
        and len(groups) <= _MOST
        and max(sizes, default=0) <= _MOST
        and rest == b"".join(_COUNTS[count] * size for count, size in zip(groups, sizes, strict=True))
        and not any(profile[begin + 3 :: SIZE])
    )
    if not canonical:
        return bytes([_AS_IT_IS]) + profile
    numbers = bytearray(3 * len(rest))
    for at in range(3):
        numbers[at::3] = profile[begin + at :: SIZE]
    zeros = bytearray(4 * head)
    for at in range(4):
        zeros[at::4] = profile[at:begin:SIZE]
    return b"".join(
        (bytes([head, len(groups)]), zeros, bytes(groups), bytes(sizes), term_codes.encoded(bytes(numbers)))
    )


def _unpacked(raw: bytes) -> bytes:
    head = raw[0]
    if head == _AS_IT_IS:
        return raw[1:]
    ends = 2 + 4 * head
    groups, sizes, numbers = (
        raw[ends : ends + raw[1]],
        raw[ends + raw[1] : ends + 2 * raw[1]],
        term_codes.decoded(raw[ends + 2 * raw[1] :]),
    )
    counts = b"".join([_COUNTS[count] * size for count, size in zip(groups, sizes, strict=True)])
    profile = bytearray(SIZE * (head + len(counts)))
    begin = head * SIZE
    for at in range(4):
        profile[at:begin:SIZE] = raw[2 + at : ends : 4]
    for at in range(3):
        profile[begin + at :: SIZE] = numbers[at::3]
    profile[begin + 4 :: SIZE] = counts
    return bytes(profile)


unpacked = Remembered(_unpacked, KEPT).__getitem__
"""The profile that was packed. IndexError or ValueError for what never was."""
