"""Types of columns in plain French, for models that people read."""

from __future__ import annotations

from typing import Final

_PLAIN: Final = {
    "bigint": "entier",
    "integer": "entier",
    "smallint": "entier",
    "numeric": "décimal",
    "text": "texte",
    "uuid": "identifiant",
    "boolean": "oui ou non",
    "date": "jour",
    "timestamp with time zone": "instant",
    "bytea": "octets",
    "jsonb": "objet",
}
_SHORT: Final = {"timestamp with time zone": "timestamptz", "double precision": "double"}


def plain_type(name: str) -> str:
    """What a type holds.

    >>> plain_type("numeric(18,4)"), plain_type("timestamp with time zone"), plain_type("text[]")
    ('décimal', 'instant', 'liste de texte')
    """
    if name.endswith("[]"):
        return f"liste de {plain_type(name.removesuffix('[]'))}"
    return _PLAIN.get(name.partition("(")[0], name)


def short_type(name: str) -> str:
    """A type as short as PostgreSQL takes it.

    >>> short_type("timestamp with time zone"), short_type("numeric(18,4)")
    ('timestamptz', 'numeric(18,4)')
    """
    return _SHORT.get(name, name)
