"""Explanations of single paths, in words."""

from wherein.git.source import Explanation
from wherein.skips import SkipReason


def listed(path: str) -> Explanation:
    """Of a file that is listed."""
    return Explanation(
        path, True, None, f"{path} is listed; only its content could keep it out of the index."
    )


def left_out(path: str, reason: SkipReason, because: str) -> Explanation:
    """Of a file that is left out for a reason, with the rule behind it as a clause."""
    return Explanation(path, False, reason, f"{path} is left out ({reason}): {because}.")


def too_large(path: str, size: int, limit: int) -> Explanation:
    """Of a file over the limit; sizes in bytes."""
    return left_out(path, SkipReason.TOO_LARGE, f"it has {size:,} bytes, and the limit is {limit:,}")


def no_file(path: str, what: str) -> Explanation:
    """Of what could not be listed whatever the rules were; `what` ends the sentence."""
    return Explanation(path, False, None, f"{path or 'The root'} {what}.")


def below(path: str, prefix: str) -> Explanation | None:
    """Of what lies outside the folder that was opened; None if it lies inside."""
    if path.startswith(prefix):
        return None
    return no_file(path, f"lies outside {prefix}, the only folder that was opened")
