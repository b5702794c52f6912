"""The category tree: reference data, loaded before what refers to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from shopnow.kernel import Sql

if TYPE_CHECKING:
    from collections.abc import Sequence

    import psycopg

SQL = Sql(__package__)


class CategoryRow(Protocol):
    """A node of a taxonomy; level 1 has no parent."""

    @property
    def category_id(self) -> str:
        """Its identifier in the taxonomy."""
        ...

    @property
    def parent_id(self) -> str | None:
        """The node above it."""
        ...

    @property
    def path_fr(self) -> str:
        """Its whole path in French."""
        ...

    @property
    def path_en(self) -> str:
        """Its whole path in English."""
        ...

    @property
    def level(self) -> int:
        """Its depth, from 1."""
        ...


def load_categories(
    conn: psycopg.Connection,
    rows: Sequence[CategoryRow],
    taxonomy_version: str,
    taxonomy: str = "house",
) -> int:
    """Take a category tree into dwh.dim_category; returns how many categories are new or changed.

    Parents may stand after their children.  Categories that `rows` does not name stay.
    """
    return conn.execute(
        SQL["categories_load"],
        {
            "category_ids": [row.category_id for row in rows],
            "parent_ids": [row.parent_id for row in rows],
            "paths_fr": [row.path_fr for row in rows],
            "paths_en": [row.path_en for row in rows],
            "levels": [row.level for row in rows],
            "taxonomy_version": taxonomy_version,
            "taxonomy": taxonomy,
        },
    ).rowcount
