"""What is done to the bytes of a file while others of them are sealed: their digest, their flush.

Both leave the interpreter free and would take longer than the sealing, one after the other.
"""

from __future__ import annotations

import hashlib
import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from concurrent.futures import Future
    from typing import BinaryIO, Self

# Frames that may wait to be digested, and frames between two flushes of the file.
_BEHIND: Final = 8
_FLUSHED: Final = 64


class Digest:
    """SHA-256 of frames in their order, in a thread: it takes longer than all else done to them.

    At most `_BEHIND` frames wait in memory; for a single one no thread is begun.
    """

    def __init__(self) -> None:
        """Begin with no frame."""
        self._digest = hashlib.sha256()
        self._thread = ThreadPoolExecutor(1, "digest")
        self._waiting: deque[Future[None]] = deque()

    def update(self, frame: bytes, *, is_last: bool) -> None:
        """Take the next frame."""
        if is_last and not self._waiting:
            self._digest.update(frame)
            return
        self._waiting.append(self._thread.submit(self._digest.update, frame))
        if len(self._waiting) > _BEHIND:
            self._waiting.popleft().result()

    def hexdigest(self) -> str:
        """Return the digest of all frames, in hexadecimal."""
        for one in self._waiting:
            one.result()
        return self._digest.hexdigest()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the thread."""
        self._thread.shutdown(cancel_futures=True)


class Flush:
    """What was written so far goes to the disk in a thread, while more is sealed.

    The disk says once what it could not write: that is raised here, by `written` or at the end.
    """

    def __init__(self, file: BinaryIO) -> None:
        """`file`: open for writing, and flushed whole by who opened it."""
        self._file = file
        self._thread = ThreadPoolExecutor(1, "flush")
        self._frames = 0
        self._under_way: Future[None] | None = None

    def written(self) -> None:
        """Count a frame."""
        self._frames += 1
        if self._frames % _FLUSHED == 0:
            self._raise()
            self._file.flush()
            self._under_way = self._thread.submit(os.fsync, self._file.fileno())

    def _raise(self) -> None:
        if self._under_way is not None:
            self._under_way.result()

    def __enter__(self) -> Self:
        """Begin."""
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End the thread; raises what the last flush raised."""
        self._thread.shutdown()
        if kind is None:
            self._raise()
