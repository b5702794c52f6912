"""A server that is not ours (SHOPNOW_DSN): what is backed up, and what is said of the rest."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from tests.backup.conftest import ask

from shopnow.backup import (
    BackupError,
    Kind,
    Part,
    Reach,
    Wish,
    plan_restore,
    restore_part,
    run_backup,
)
from shopnow.kernel import SystemClock, connection_url

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings

pytestmark = pytest.mark.integration

CLOCK = SystemClock()


def test_logical_backups_work_anywhere_and_physical_ones_where_they_are_allowed(
    shop: Settings, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    external = replace(shop, home=home, dsn=connection_url(shop, "postgres"))
    for kind in (Kind.PARTIAL, Kind.METADATA, Kind.FULL, Kind.INCREMENTAL):
        assert run_backup(external, CLOCK, kind).size
    with pytest.raises(BackupError, match="n'est pas le nôtre") as caught:
        plan_restore(external, CLOCK)
    assert "point-in-time restore" in caught.value.hint
    part = Wish(Part(Reach.TABLE, "dwh.fact_order"))
    with pytest.raises(BackupError, match="n'est pas le nôtre"):
        restore_part(external, CLOCK, part, apply=False, progress=lambda _: None)


def test_a_role_that_may_not_replicate_is_told_what_the_provider_does(
    shop: Settings, tmp_path: Path
) -> None:
    ask(shop, "GRANT pg_monitor, pg_read_all_data TO shopnow_admin")
    url = connection_url(shop, "shopnow_admin")
    external = replace(shop, home=tmp_path / "home", dsn=url)
    try:
        with pytest.raises(BackupError, match="ne permet pas de sauvegarde physique") as caught:
            run_backup(external, CLOCK, Kind.FULL)
        assert "restaurer-serveur-externe" in caught.value.hint
    finally:
        ask(shop, "REVOKE pg_monitor, pg_read_all_data FROM shopnow_admin")
