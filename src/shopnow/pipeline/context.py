"""What a run needs, opened once: settings, clock, contracts, keys, sources."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from select import POLLIN, poll
from typing import TYPE_CHECKING, Self

import psycopg
from psycopg.pq import TransactionStatus

from shopnow.kernel import Home, ShopnowError, SystemClock, connect, nearest
from shopnow.privacy import KeyStore, Pseudonyms, Vault, open_key_store
from shopnow.sources import Source, load_contracts, load_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from types import TracebackType

    from shopnow.kernel import Clock, Settings
    from shopnow.sources import Contracts

# How the file of a source ends that takes nothing in until it is active again.
SUSPENDED = ".yaml.suspended"
# Statements that a kept connection has prepared, at most.
_PREPARED = 300


@dataclass
class Context:
    """Opened once a command; close it, or use it in a `with`."""

    settings: Settings
    clock: Clock
    keystore: KeyStore
    contracts: Contracts
    # Connections between two uses, by what they are for: one that stands costs a small delivery
    # nothing, a new one as much as its rows.
    _kept: dict[str, psycopg.Connection] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def open(cls, settings: Settings, clock: Clock | None = None) -> Self:
        """Open the key store and read the contracts."""
        clock = clock or SystemClock()
        home = Home(settings.home)
        home.prepare()
        contracts = load_contracts(settings.contracts_dir, home.checked_contracts)
        return cls(settings, clock, open_key_store(settings, clock), contracts)

    @cached_property
    def pseudonyms(self) -> Pseudonyms:
        """Keyed hashes for identifiers."""
        return Pseudonyms(self.keystore)

    @cached_property
    def vault(self) -> Vault:
        """Where personal values go."""
        return Vault(self.keystore)

    @cached_property
    def sources(self) -> dict[str, Source]:
        """Sources by name: those of the settings' folder and those this home has learnt."""
        found: dict[str, Source] = {}
        for folder in (self.settings.sources_dir, self.settings.home / "sources"):
            for path in sorted(folder.rglob("*.yaml")) if folder.is_dir() else ():
                source = load_source(path)
                found[source.name] = source
        return found

    @property
    def suspended(self) -> dict[str, Path]:
        """Files of the sources that take nothing in any more, by name."""
        folder = self.settings.home / "sources"
        paths = sorted(folder.rglob(f"*{SUSPENDED}")) if folder.is_dir() else []
        return {path.name.removesuffix(SUSPENDED): path for path in paths}

    def source(self, name: str) -> Source:
        """The source through which a delivery came, suspended since or not.

        Raises ShopnowError naming the nearest known one.
        """
        if name not in self.sources and name in self.suspended:
            return load_source(self.suspended[name])
        if name not in self.sources:
            close = nearest(name, self.sources)
            hint = f"Did you mean {close!r}?" if close else "`shopnow source list` shows them."
            raise ShopnowError(f"no source {name!r}", hint=hint)
        return self.sources[name]

    def learn(self, path: Path) -> Source:
        """Keep a copy of a source file in the home, so that later runs and traces know it."""
        source = load_source(path)
        target = self.settings.home / "sources" / source.sender / f"{source.name}.yaml"
        target.parent.mkdir(parents=True, exist_ok=True)
        text = path.read_text(encoding="utf-8")
        if not target.exists() or target.read_text(encoding="utf-8") != text:
            target.write_text(text, encoding="utf-8")
        self.sources[source.name] = source
        return source

    @contextmanager
    def connection(self, purpose: str, role: str = "shopnow_etl") -> Iterator[psycopg.Connection]:
        """Lend the connection (autocommit) kept for a purpose, or a new one.

        What failed while it was lent is not kept.  Raises TransientError as `connect` does.
        """
        kept = self._kept.pop(purpose, None)
        if kept is None or not _answers(kept):
            kept = connect(self.settings, role)
            # A run says nearly the same hundred statements for each delivery.
            kept.prepare_threshold, kept.prepared_max = 1, _PREPARED
        try:
            yield kept
        except BaseException:
            kept.close()
            raise
        idle = not kept.closed and kept.info.transaction_status == TransactionStatus.IDLE
        if idle and purpose not in self._kept:
            self._kept[purpose] = kept
        else:
            kept.close()

    def close(self) -> None:
        """Close the key store and the connections."""
        while self._kept:
            self._kept.popitem()[1].close()
        self.keystore.close()

    def __enter__(self) -> Self:
        """Use in a `with`."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()


def _answers(connection: psycopg.Connection) -> bool:
    """Say whether a kept connection still leads to a server; one that does not is closed."""
    watch = poll()
    try:
        watch.register(connection.fileno(), POLLIN)
        if not watch.poll(0):
            # A server that ends says so: while there is nothing to read, the connection stands.
            return True
        connection.execute("SELECT 1")
    except psycopg.Error:
        connection.close()
        return False
    return True
