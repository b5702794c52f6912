"""One process measured: wall time, CPU of client and server, the peak of memory, and who else ran.

The machine may be shared; `foreign` is the share of its CPU that neither the measured process nor
the server used, so that a reader can tell a slow load from a busy machine.
"""

from __future__ import annotations

import json
import os
import subprocess
import threading
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Where a measured process finds the server, and how it tells what it took inside.
SERVER_PID: Final = "BENCH_SERVER_PID"
_INSIDE: Final = "INSIDE "
_SAMPLE_SECONDS: Final = 0.05
_QUIET_SAMPLE_SECONDS: Final = 1.0
_QUIET_SHARE: Final = 0.15
_KIB: Final = 1024


@dataclass(frozen=True)
class Measured:
    """What one process took: seconds, bytes, and what it printed on its standard output."""

    status: int
    wall_seconds: float
    client_cpu_seconds: float
    server_cpu_seconds: float
    peak_bytes: int
    foreign_share: float
    output: str


@dataclass
class Inside:
    """What one piece of work took within a process: wall and CPU seconds, client and server."""

    seconds: float = 0.0
    client_cpu_seconds: float = 0.0
    server_cpu_seconds: float = 0.0

    @property
    def cpu_seconds(self) -> float:
        """CPU of both sides."""
        return self.client_cpu_seconds + self.server_cpu_seconds


@contextmanager
def inside() -> Iterator[Inside]:
    """Measure a block of this process; the server is the one that BENCH_SERVER_PID names."""
    took, pid = Inside(), os.environ.get(SERVER_PID)
    server = psutil.Process(int(pid)) if pid else None
    served = server_cpu(server) if server else 0.0
    own, begin = time.process_time(), time.perf_counter()
    yield took
    took.seconds = time.perf_counter() - begin
    took.client_cpu_seconds = time.process_time() - own
    took.server_cpu_seconds = server_cpu(server) - served if server else 0.0


def print_inside(took: Sequence[Inside]) -> None:
    """Tell on the standard output what each piece of work took."""
    print(_INSIDE + json.dumps([asdict(one) for one in took]))


def told_inside(output: str) -> list[Inside]:
    """What a process told with `print_inside`."""
    lines = [line for line in output.splitlines() if line.startswith(_INSIDE)]
    return [Inside(**one) for line in lines for one in json.loads(line.removeprefix(_INSIDE))]


def measure(
    command: Sequence[str], environment: Mapping[str, str], folder: Path, server_pid: int
) -> Measured:
    """Run a command in `folder` and measure its whole process tree.

    Its standard error goes to `folder/stderr.log`.  Peak memory is the greater of the sampled sum
    of the tree and the high-water mark of its first process.
    """
    server = psutil.Process(server_pid)
    folder.mkdir(parents=True, exist_ok=True)
    out, errors = folder / "stdout.log", folder / "stderr.log"
    with out.open("wb") as output, errors.open("wb") as complaints:
        server_before, busy_before = server_cpu(server), busy_cpu()
        begin = time.perf_counter()
        process = subprocess.Popen(
            list(command), env=dict(environment), cwd=folder, stdout=output, stderr=complaints
        )
        sampler = _Sampler(process.pid)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    sampler.stop()
    client = usage.ru_utime + usage.ru_stime
    served = server_cpu(server) - server_before
    foreign = busy_cpu() - busy_before - client - served
    return Measured(
        status=process.returncode,
        wall_seconds=wall,
        client_cpu_seconds=client,
        server_cpu_seconds=served,
        peak_bytes=sampler.peak_bytes,
        foreign_share=max(0.0, foreign / wall / (os.cpu_count() or 1)),
        output=out.read_text(encoding="utf-8", errors="replace"),
    )


def wait_until_quiet(server_pid: int, patience_seconds: float) -> bool:
    """Wait until others use little of the machine; False when patience ended first."""
    server = psutil.Process(server_pid)
    end = time.monotonic() + patience_seconds
    while time.monotonic() < end:
        busy, served = busy_cpu(), server_cpu(server)
        time.sleep(_QUIET_SAMPLE_SECONDS)
        others = busy_cpu() - busy - (server_cpu(server) - served)
        if others / _QUIET_SAMPLE_SECONDS / (os.cpu_count() or 1) < _QUIET_SHARE:
            return True
    return False


def busy_cpu() -> float:
    """CPU seconds that the whole machine has used since it started."""
    times = psutil.cpu_times()
    idle = times.idle + getattr(times, "iowait", 0.0) + getattr(times, "guest", 0.0)
    return float(sum(times) - idle)


def server_cpu(server: psutil.Process) -> float:
    """CPU seconds of a PostgreSQL server, its finished and its living processes."""
    own = server.cpu_times()
    total = own.user + own.system + own.children_user + own.children_system
    for child in server.children():
        try:
            times = child.cpu_times()
        except psutil.Error:
            continue
        total += times.user + times.system
    return float(total)


class _Sampler(threading.Thread):
    """Sums the resident memory of a process tree every 50 ms."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self._pid = pid
        self._done = threading.Event()
        self.peak_bytes = 0

    def run(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            try:
                root = psutil.Process(self._pid)
                tree = [root, *root.children(recursive=True)]
                resident = sum(process.memory_info().rss for process in tree)
            except psutil.Error:
                continue
            self.peak_bytes = max(self.peak_bytes, resident, high_water(self._pid))

    def stop(self) -> None:
        """End the sampling; `peak_bytes` is final afterwards."""
        self._done.set()
        self.join()


def high_water(pid: int) -> int:
    """Peak resident bytes of one process since it began its program; 0 where nobody tells.

    Not from wait4: there a child inherits the mark of the process that started it.
    """
    try:
        text = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    marks = (line.split()[1] for line in text.splitlines() if line.startswith("VmHWM:"))
    return int(next(marks, "0")) * _KIB
