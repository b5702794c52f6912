"""Where the declared files of the product are: contracts, sources, marts, migrations.

In a checkout they stand at the top, where people edit them; an installed wheel carries them
under `shopnow/_data`.  The checkout wins, so that an edit is never shadowed by a copy.
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]
_CHECKOUT = _PACKAGE.parents[1]


def in_checkout() -> bool:
    """Say whether this code runs from a checkout rather than from an installed wheel."""
    return (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "src").is_dir()


def data_dir(name: str) -> Path:
    """Return the folder of declared files `name`, e.g. "contracts" or "db/migrations"."""
    return (_CHECKOUT if in_checkout() else _PACKAGE / "_data") / name
