"""What can be said of passwords without saying them: an imprint that is another one afterwards.

The server keeps a verifier with salt of its own; the imprint is some digits of the digest of that.
Only a superuser reads verifiers: on a server of others that has none for us nothing is said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from shopnow.kernel import ShopnowError, Sql, connect

if TYPE_CHECKING:
    from shopnow.kernel import Settings

SQL = Sql(__package__)


def password_facts(settings: Settings) -> list[tuple[str, str]] | None:
    """Return role and imprint of each password of the server; None where nobody may read them."""
    try:
        with connect(settings, None, application_name="shopnow watch") as connection:
            return [(role, imprint) for role, imprint in connection.execute(SQL["passwords"])]
    except (ShopnowError, psycopg.errors.InsufficientPrivilege):
        return None
