"""The installed `wherein` without the start of an interpreter: a process that has imported it forks one a command."""

from kept_interpreter.asking import Forked
from kept_interpreter.client import READ_AT_START, can_take, run, stand_in, start

__all__ = ["READ_AT_START", "Forked", "can_take", "run", "stand_in", "start"]
