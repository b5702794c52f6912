"""Run as a script: becomes a program that the system kills when the process that began it is gone.

`python -I -S ended_with_parent.py PARENT NICENESS PROGRAM [ARGUMENT …]`.  An orphan would go on
writing what nobody counts.  It is no function between fork and exec (Popen's preexec_fn): of a
process with threads the copy may wait for ever for a lock that a thread held, and the process for
its copy (https://docs.python.org/3/library/subprocess.html#subprocess.Popen).
"""

import ctypes
import os
import signal
import sys

_ON_PARENTS_DEATH = 1


def main(parent: str, niceness: str, *command: str) -> None:
    """Ask the system for our end with our parent's, then become `command`."""
    prctl = getattr(ctypes.CDLL(None), "prctl", None)
    if prctl:
        prctl(_ON_PARENTS_DEATH, signal.SIGKILL)
        if os.getppid() != int(parent):
            sys.exit(f"{command[0]}: who began it is gone")
    if int(niceness):
        # The system derives the priority of its reads and writes from it.
        os.nice(int(niceness))
    os.execv(command[0], command)  # noqa: S606  # no shell is wanted


if __name__ == "__main__":
    main(*sys.argv[1:])
