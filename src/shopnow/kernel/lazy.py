"""What a room exports is imported when it is first used.

A command needs a few files of each room it enters.  Importing all of them took longer than loading
a small delivery does.
"""

from __future__ import annotations

import builtins
import sys
from contextlib import contextmanager
from threading import RLock
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LOCK: Final = RLock()


class _Export(NamedTuple):
    """A name and the module it will be taken from."""

    module: str
    name: str


class _Unread:
    """Stands for a module that is not imported yet: every name in it is an export."""

    def __init__(self, module: str) -> None:
        self._module = module

    def __getattr__(self, name: str) -> _Export:
        return _Export(self._module, name)


@contextmanager
def imported_when_used(room: str) -> Iterator[None]:
    """Defer each `from module import name` that the module `room` executes in this block.

    The names become attributes of `room` (PEP 562) that import their module the first time they
    are asked for.  For linters and type checkers the block holds plain imports.
    """
    names = vars(sys.modules[room])

    def note(
        module: str,
        scope: Mapping[str, object] | None = None,
        local: Mapping[str, object] | None = None,
        wanted: Sequence[str] | None = (),
        level: int = 0,
    ) -> object:
        if scope is names and wanted and not level:
            return _Unread(module)
        return really_import(module, scope, local, wanted or (), level)

    # No module is executed within the block, so that no thread waits here for one that waits.
    with _LOCK:
        # Asked for here: outside it may be another thread's note, which would then stay.
        really_import = builtins.__import__
        builtins.__import__ = note  # type: ignore[assignment]  # what it gives is no module
        try:
            yield
        finally:
            builtins.__import__ = really_import
    exports = {name: value for name, value in names.items() if isinstance(value, _Export)}
    for name in exports:
        del names[name]

    def find(name: str) -> object:
        if name not in exports:
            raise AttributeError(f"module {room!r} has no attribute {name!r}")
        export = exports[name]
        module = really_import(export.module, fromlist=(export.name,))
        names[name] = value = getattr(module, export.name)
        return value

    names["__getattr__"] = find
