"""The server ends with its editor, even one that could not say goodbye."""

import asyncio
import os
from collections.abc import Callable

POLL_SECONDS = 0.5


async def watch_parent(process_id: int, ended: Callable[[], None]) -> None:
    """Call `ended` when the process is no more. One that is not there to begin with is of another machine or
    container: nothing is to be learned from it."""
    if not is_alive(process_id):
        return
    while is_alive(process_id):
        await asyncio.sleep(POLL_SECONDS)
    ended()


def is_alive(process_id: int) -> bool:
    """Whether there is such a process."""
    if process_id <= 0:
        return False
    if os.name == "nt":
        return _is_alive_on_windows(process_id)
    try:
        os.kill(process_id, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return not _is_zombie(process_id)


def _is_zombie(process_id: int) -> bool:
    """An editor that was killed under a careless supervisor remains in the table of processes (Linux)."""
    try:
        with open(f"/proc/{process_id}/stat", "rb") as file:  # noqa: PTH123 - every half second: no Path
            return file.read().rpartition(b")")[2].split()[:1] == [b"Z"]
    except OSError:
        return False


def _is_alive_on_windows(process_id: int) -> bool:
    import ctypes

    synchronize, timeout = 0x00100000, 0x00000102
    kernel = ctypes.windll.kernel32  # type: ignore[attr-defined]
    handle = kernel.OpenProcess(synchronize, False, process_id)
    if not handle:
        return False
    try:
        return bool(kernel.WaitForSingleObject(handle, 0) == timeout)
    finally:
        kernel.CloseHandle(handle)
