"""`wherein` for programs that start it themselves, as an editor does: `python stand_in.py FACTS WORD…`.

It asks for a forked command that has its streams, folder, variables and words; passes signals on; and ends as that
does. The command ends when this is killed. In an environment that a fork cannot be given, it becomes the installed
one.
"""

import json
import os
import signal
import socket
import struct
import sys
from typing import Any

PASSED_ON = (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGUSR1, signal.SIGUSR2)


def main() -> None:
    facts = json.loads(sys.argv[1])
    words = [facts["command"], *sys.argv[2:]]
    given = {name: os.environ[name] for name in os.environ if name.startswith(tuple(facts["read"]))}
    if given != facts["usual"]:
        os.execv(facts["command"], words)
    umask = os.umask(0o077)
    os.umask(umask)
    request: dict[str, Any] = {
        "task": "command",
        "arguments": words,
        "folder": f"/proc/{os.getpid()}/cwd",
        "environment": dict(os.environ),
        "umask": umask,
        "niceness": os.getpriority(os.PRIO_PROCESS, 0),
        "bound": True,
    }
    answer = socket.socket(socket.AF_UNIX)
    answer.connect(facts["address"])
    content = json.dumps(request).encode()
    socket.send_fds(answer, [struct.pack("!I", len(content))], [0, 1, 2])
    answer.sendall(content)
    told = answer.makefile("rb")
    command = int(told.readline())
    for number in PASSED_ON:
        signal.signal(number, lambda number, _: os.kill(command, number))
    nothing = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):  # whose other ends wait for the last one that holds them
        os.dup2(nothing, descriptor)
    code = os.waitstatus_to_exitcode(int(told.readline()))
    if code < 0:
        signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code)


main()
