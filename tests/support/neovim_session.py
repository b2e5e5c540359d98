"""A Neovim in a real terminal, driven by keys and asked over its own socket."""

import codecs
import fcntl
import os
import pty
import shutil
import socket
import struct
import subprocess
import tempfile
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgpack

from terminal_screen import TerminalScreen

PATIENCE = 60.0
"""Seconds, on a machine that is busy with other tests."""

ENDED_WITHIN = 10.0

COLUMNS, LINES = 120, 36


class NeovimSession:
    """From its start until `close`."""

    def __init__(
        self,
        command: Sequence[str],
        arguments: Sequence[str],
        environment: Mapping[str, str],
        cwd: Path,
        size: tuple[int, int] = (COLUMNS, LINES),
    ) -> None:
        self._home = Path(tempfile.mkdtemp(prefix="wherein-nvim-"))
        self.terminal = TerminalScreen(*size)
        self._number = 0
        self._closed = False
        address = self._home / "socket"
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        environment = {**environment, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        with (self._home / "said").open("wb") as said:
            self.process = subprocess.Popen(
                [*command, "--headless", "--listen", str(address), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=said,
                env=environment,
                cwd=cwd,
                start_new_session=True,
            )
        self._socket = self._connected(address)
        self._unpacker = msgpack.Unpacker(
            ext_hook=lambda code, data: msgpack.unpackb(data), strict_map_key=False
        )
        # a program that the loader of another Debian runs cannot start itself again, as the one with a terminal does
        self._screen = subprocess.Popen(
            [*command, "--server", str(address), "--remote-ui"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=environment,
            start_new_session=True,
        )
        os.close(slave)
        self._master = master
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.until("return #vim.api.nvim_list_uis() > 0 and vim.o.columns == ...", size[0])

    def call(self, method: str, *arguments: Any) -> Any:
        """A function of Neovim's interface."""
        self._number += 1
        self._socket.sendall(msgpack.packb([0, self._number, method, list(arguments)]))
        while True:
            for message in self._unpacker:
                if message[0] == 1 and message[1] == self._number:
                    assert message[2] is None, message[2][1]
                    return message[3]
            try:
                data = self._socket.recv(1 << 20)
            except TimeoutError:
                raise AssertionError(f"Neovim does not answer:\n{self.screen()}") from None
            assert data, f"Neovim is gone:\n{self.screen()}"
            self._unpacker.feed(data)

    def lua(self, code: str, *arguments: Any) -> Any:
        """What Lua code returns."""
        return self.call("nvim_exec_lua", code, list(arguments))

    def command(self, line: str) -> None:
        """A line as after `:`."""
        self.call("nvim_command", line)

    def keys(self, keys: str) -> None:
        """Keys as they are typed, such as `ihello<Esc>`."""
        self.call("nvim_input", keys)

    def until(self, code: str, *arguments: Any) -> Any:
        """Wait until Lua code returns something that is not false, and return it."""
        deadline = time.monotonic() + PATIENCE
        while not (value := self.lua(code, *arguments)):
            assert time.monotonic() < deadline, f"{code}: still {value!r}\n{self.messages()}\n{self.screen()}"
            time.sleep(0.02)
        return value

    def until_shown(self, text: str) -> str:
        """Wait until a text is on the screen, and return the screen."""
        deadline = time.monotonic() + PATIENCE
        while text not in (shown := self.screen()):
            assert time.monotonic() < deadline, f"{text!r} is not there\n{self.messages()}\n{shown}"
            time.sleep(0.02)
        return shown

    def buffer(self, number: int = 0) -> list[str]:
        """The lines of a buffer."""
        lines: list[str] = self.call("nvim_buf_get_lines", number, 0, -1, False)
        return lines

    def messages(self) -> str:
        """All that was told."""
        if self.call("nvim_get_mode")["blocking"]:
            return "(it waits for a key)"
        told: str = self.call("nvim_exec2", "messages", {"output": True})["output"]
        return told

    def screen(self) -> str:
        """What is on the terminal now."""
        return "\n".join(self.terminal.lines())

    def close(self) -> None:
        """End it, and wait for that; more than once does no harm."""
        if self._closed:
            return
        self._closed = True
        with suppress(OSError):
            self._socket.sendall(msgpack.packb([2, "nvim_command", ["qall!"]]))
        for process in (self.process, self._screen):
            try:
                process.wait(ENDED_WITHIN)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._socket.close()
        self._reader.join(ENDED_WITHIN)
        os.close(self._master)
        shutil.rmtree(self._home, ignore_errors=True)

    def said(self) -> str:
        """What it wrote to its own output and errors."""
        return (self._home / "said").read_text(errors="replace")

    def _connected(self, address: Path) -> socket.socket:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                connection = socket.socket(socket.AF_UNIX)
                connection.settimeout(PATIENCE)
                connection.connect(str(address))
                return connection
            except OSError:
                connection.close()
                assert self.process.poll() is None, self.said()
                assert time.monotonic() < deadline, self.said()
                time.sleep(0.01)

    def _read(self) -> None:
        decoder = codecs.getincrementaldecoder("utf-8")("replace")
        while True:
            try:
                data = os.read(self._master, 1 << 16)
            except OSError:
                return
            if not data:
                return
            self.terminal.feed(decoder.decode(data))
