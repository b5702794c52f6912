"""A pull by REST as a stream of bytes: page after page becomes one file, a record a line.

The stream is sealed while it is read; when a page fails, reading fails, and nothing of the pages
before is kept.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING, Self

from shopnow.sources.connectors.http import Http
from shopnow.sources.connectors.model import PullRefusedError
from shopnow.sources.connectors.pages import Furthest, Walk, read_page

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import TracebackType

    from shopnow.sources.connectors.model import RestConnector
    from shopnow.sources.connectors.secrets import Secrets


class RestPull:
    """One pull; use it in a `with`, ask `is_empty`, then read it to its end.

    After its end `resume` is the value from which the next pull goes on, `pages`, `records` and
    `retries` say what it took.
    """

    def __init__(
        self,
        connector: RestConnector,
        secrets: Secrets,
        *,
        since: str | None,
        limit: int,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """Prepare to take what is new after `since`, at most `limit` bytes."""
        self._connector = connector
        self._limit = limit
        self._furthest = Furthest(connector.resume, since) if connector.resume else None
        self._stack = contextlib.ExitStack()
        self._http = self._stack.enter_context(Http(connector, secrets, sleep))
        self._blocks = self._paged() if connector.is_paged else self._whole()
        self._held = bytearray()
        self._given = 0
        self.pages = 0
        self.records = 0

    @property
    def resume(self) -> str | None:
        """From where the next pull goes on; what it was where nothing came."""
        return self._furthest.value if self._furthest else None

    @property
    def retries(self) -> int:
        """How many requests were made again."""
        return self._http.retries

    def is_empty(self) -> bool:
        """True when there is nothing new; reads up to the first record."""
        return not self._fill(1)

    def read(self, size: int = -1) -> bytes:
        """The next bytes of the file that the pages make; none at the end.

        Raises PullError: then nothing of what was read may be kept.
        """
        self._fill(size if size >= 0 else self._limit + 1)
        taken = bytes(self._held[:size] if size >= 0 else self._held)
        del self._held[: len(taken)]
        return taken

    def _fill(self, wanted: int) -> bool:
        while len(self._held) < wanted:
            block = next(self._blocks, None)
            if block is None:
                break
            self._held += block
            self._given += len(block)
            if self._given > self._limit:
                raise PullRefusedError(
                    f"{self._connector.url} : plus de {self._limit} octets en un appel",
                    "Réduisez ce qui est demandé (`params:`), ou augmentez `landing_limit`.",
                )
        return bool(self._held)

    def _whole(self) -> Generator[bytes, None, None]:
        params = dict(self._connector.params)
        with self._http.opened(None, params, self._connector.url) as blocks:
            self.pages = 1
            yield from blocks

    def _paged(self) -> Generator[bytes, None, None]:
        walk = Walk(self._connector.paging)
        base = dict(self._connector.params)
        if self._furthest:
            base |= self._furthest.asked()
        following: tuple[str | None, dict[str, str]] | None = (None, base | walk.first())
        while following is not None:
            url, params = following
            self.pages += 1
            where = f"{self._connector.url}, page {self.pages}"
            if self.pages > self._connector.max_pages:
                raise PullRefusedError(
                    f"{where} : plus de {self._connector.max_pages} pages",
                    "Si la source en a vraiment autant, augmentez `max_pages:`.",
                )
            answer = self._http.get(url, params, where)
            page = read_page(answer.body, self._connector.records, where, answer.link)
            self.records += len(page.records)
            if self._furthest:
                self._furthest.take(page)
            if page.records:
                # A half character alone is written as JSON escapes it.
                text = "\n".join(page.records) + "\n"
                yield text.encode("utf-8", "backslashreplace")
            step = walk.after(page, where)
            # An address that the source gave says everything itself.
            following = step if step is None or step[0] else (None, base | step[1])
        if self._furthest and self.records:
            self._furthest.refuse_unless_found(self._connector.url)

    def __enter__(self) -> Self:
        """Use in a `with`."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close the connections, also those of an answer half read."""
        self._blocks.close()
        self._stack.close()
