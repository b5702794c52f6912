"""Run as a script: runs a program that ends, with all it began, when who asked for it is gone.

`python -I -S ended_with_parent.py PARENT NICENESS PROGRAM [ARGUMENT …]`, as the leader of a process
group of its own.  pg_basebackup begins a second process for the log.  Left alone it would wait for
ever and hold its sibling's connection, whose server process then waits too, and with it whatever
waits for every server process, as DROP DATABASE does.
"""

import ctypes
import os
import signal
import sys

_ON_PARENTS_DEATH = 1


def _end(*_: object) -> None:
    os.killpg(os.getpgrp(), signal.SIGKILL)


def main(parent: str, niceness: str, *command: str) -> int:
    """Run `command` to its end and return its exit code."""
    signal.signal(signal.SIGTERM, _end)
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl:
        prctl(_ON_PARENTS_DEATH, signal.SIGTERM)
        if os.getppid() != int(parent):
            sys.exit(f"{command[0]}: who began it is gone")
    if int(niceness):
        # The system derives the priority of its reads and writes from it.
        os.nice(int(niceness))
    begun = os.posix_spawn(command[0], command, os.environ)
    _, status = os.waitpid(begun, 0)
    return abs(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
