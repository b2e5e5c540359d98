"""What the operating system refuses, in a sentence: these are not faults of the program."""

import errno
import sys

NO_ROOM = frozenset({errno.ENOSPC, errno.EFBIG, errno.EIO, getattr(errno, "EDQUOT", errno.ENOSPC)})
NO_FILES = frozenset({errno.EMFILE, errno.ENFILE})

ALL_CHECKS_FILES = 32
"""Files that `wherein doctor` has open at once, at most. With fewer, libraries meet it with errors of every kind."""

MORE_FILES = "ulimit -n 1024"

NO_FOLDER = "The current folder does not exist any more."
ANOTHER_FOLDER = "cd to another one, or give --repo"


def most_files() -> int:
    """Files that this process may have open; a very large number where nothing limits them."""
    if sys.platform == "win32":
        return sys.maxsize
    import resource

    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return sys.maxsize if limit == resource.RLIM_INFINITY else limit


def explained(error: OSError) -> tuple[str, str]:
    """What is wrong, and what mends it."""
    why = error.strerror or str(error)
    if error.errno in NO_FILES:
        return "Too many files are open.", MORE_FILES
    if error.filename is None and error.errno in NO_ROOM:
        return f"The output cannot be written: {why}.", ""
    if error.filename is None and error.errno == errno.ENOENT:
        return NO_FOLDER, ANOTHER_FOLDER
    if error.filename is None:
        return f"The system does not allow this: {why}.", "WHEREIN_LOG_LEVEL=debug shows what"
    verb = "written" if error.errno in NO_ROOM else "used"
    return f"{error.filename} cannot be {verb}: {why}.", ""
