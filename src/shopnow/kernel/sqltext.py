"""SQL texts of a package, read once from its `sql/` folder as literal strings.

Protects the rule that SQL is never assembled from Python strings: values go through
`%(name)s`, identifiers through `psycopg.sql` and the `{name}` places of `compose`.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, LiteralString

from psycopg import sql

from shopnow.kernel.errors import TerminalError, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator


class Sql:
    """The statements of one package: `SQL = Sql(__package__)`, then `SQL["close_versions"]`."""

    def __init__(self, package: str) -> None:
        """Point at the folder `sql` of `package`; nothing is read yet."""
        self._package = package
        self._texts: dict[str, LiteralString] = {}

    def __getitem__(self, name: str) -> LiteralString:
        """Return the text of `sql/<name>.sql` without its header comment.

        Raises TerminalError when there is no such file.
        """
        if name not in self._texts:
            self._texts[name] = self._read(name)
        return self._texts[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the statements, sorted."""
        folder = files(self._package) / "sql"
        names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
        return iter(sorted(name.removesuffix(".sql") for name in names if name.endswith(".sql")))

    def compose(self, name: str, **parts: sql.Composable) -> sql.Composed:
        """Return the text with its `{name}` places filled by identifiers or other SQL parts."""
        return sql.SQL(self[name]).format(**parts)

    def _read(self, name: str) -> LiteralString:
        try:
            text = (files(self._package) / "sql" / f"{name}.sql").read_text(encoding="utf-8")
        except FileNotFoundError:
            close = nearest(name, self)
            message = f"no SQL statement {name!r} in {self._package}"
            raise TerminalError(message, f"Did you mean {close!r}?" if close else "") from None
        return without_header(text)


def without_header(text: str) -> LiteralString:
    r"""Return a statement without its leading comment lines and its last semicolon.

    The header is for readers; sent along, a percent sign in it would be taken for a parameter.

    >>> without_header("-- Purpose: 100 % certain.\n\nSELECT 1;\n")
    'SELECT 1'
    """
    lines = text.splitlines()
    while lines and (not lines[0].strip() or lines[0].lstrip().startswith("--")):
        lines.pop(0)
    return "\n".join(lines).strip().removesuffix(";")
