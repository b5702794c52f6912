"""The connectors at work, imported when one is used: most commands never call anybody."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopnow.sources.connectors.files import Store
    from shopnow.sources.connectors.model import FilesConnector, RestConnector
    from shopnow.sources.connectors.rest import RestPull
    from shopnow.sources.connectors.secrets import Secrets


class Sent(Protocol):
    """Bytes that come from elsewhere: what a sealed landing reads."""

    def read(self, size: int = -1, /) -> bytes:
        """The next bytes, none at the end; raises PullError when they break off."""
        ...


def open_rest(
    connector: RestConnector,
    secrets: Secrets,
    *,
    since: str | None,
    limit: int,
    sleep: Callable[[float], None] = time.sleep,
) -> RestPull:
    """A pull by REST of what is new after `since`; see RestPull."""
    from shopnow.sources.connectors.rest import RestPull  # noqa: PLC0415

    return RestPull(connector, secrets, since=since, limit=limit, sleep=sleep)


def open_store(connector: FilesConnector, secrets: Secrets) -> Store:
    """The files below a URL, connected; see Store."""
    from shopnow.sources.connectors.files import Store  # noqa: PLC0415

    return Store(connector, secrets)
