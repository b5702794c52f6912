"""A connector tried out: it is reached as a pull would, and nothing is taken."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from shopnow.kernel import UsageError
from shopnow.sources import RestConnector, Secrets, open_rest, open_store

if TYPE_CHECKING:
    from shopnow.pipeline.context import Context
    from shopnow.sources import Source

# An error names what is wrong; the first page is enough to see that nothing is.
_ATTEMPTS: Final = 2
_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class Probe:
    """What was found: records of the first page, or files (None where there are none to list)."""

    source: str
    where: str
    records: int
    files: tuple[str, ...] | None
    unsettled: int = 0


def probe_source(context: Context, source: Source) -> Probe:
    """Reach what a source is fetched from.

    Raises UsageError when it has no connector, PullError (French) when it cannot be reached.
    """
    connector = source.connector
    if connector is None:
        raise UsageError(
            f"la source {source.name} n'a pas de `connector:`", "Rien n'est à joindre."
        )
    secrets = Secrets(context.settings.home)
    if isinstance(connector, RestConnector):
        quick = replace(connector, attempts=min(connector.attempts, _ATTEMPTS))
        limit = context.settings.landing_limit
        with open_rest(quick, secrets, since=None, limit=limit) as pull:
            pull.is_empty()
            return Probe(source.name, connector.url, pull.records, None)
    patterns = [file.pattern for file in source.files] or [source.file_pattern or "*"]
    with open_store(connector, secrets) as store:
        found, unsettled = store.listed(patterns, context.clock.now())
        names = tuple(file.name for file in found[:_SHOWN])
        return Probe(source.name, connector.url, 0, names, unsettled)
