"""An iterator that works ahead, in a thread of its own.

Reading and judging run in compiled code that frees the interpreter, copying waits for the
server: the two overlap.  One element or two are kept ready, so that neither side waits for the
other's slow one; memory holds a few chunks, not the file.
"""

from __future__ import annotations

import threading
from queue import Full, Queue
from typing import TYPE_CHECKING, Generic, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

T = TypeVar("T")
_LOOK_UP_SECONDS = 0.2


def ahead(elements: Iterable[T], ready: int = 1) -> Generator[T, None, None]:
    """The same elements in the same order; an error is raised where it would have come.

    `ready`: how many wait at most.

    >>> list(ahead(range(3)))
    [0, 1, 2]
    """
    feeder = _Feeder(elements, ready)
    worker = threading.Thread(target=feeder.work, name="ahead", daemon=True)
    worker.start()
    try:
        yield from feeder.take()
    finally:
        feeder.stopped.set()
        worker.join()


class _Feeder(Generic[T]):
    """One side fills the queue, the other empties it; `stopped` ends both."""

    def __init__(self, elements: Iterable[T], ready: int) -> None:
        self._elements = elements
        self._queue: Queue[tuple[str, T | BaseException | None]] = Queue(maxsize=ready)
        self.stopped = threading.Event()

    def work(self) -> None:
        """Put every element, then the end or the error that came instead."""
        try:
            for element in self._elements:
                if not self._put(("element", element)):
                    return
            self._put(("end", None))
        except BaseException as error:  # noqa: BLE001 — raised again where it is awaited
            self._put(("error", error))

    def take(self) -> Iterator[T]:
        """Yield what was put, until the end."""
        while True:
            kind, value = self._queue.get()
            if kind == "end":
                return
            if kind == "error":
                raise cast("BaseException", value)
            yield cast("T", value)

    def _put(self, item: tuple[str, T | BaseException | None]) -> bool:
        while not self.stopped.is_set():
            try:
                self._queue.put(item, timeout=_LOOK_UP_SECONDS)
            except Full:
                continue
            return True
        return False
