"""The doors of the demo: accounts for each role, a first backup, the pages on its last evening."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from shopnow.alerts import load_indicators, sample, watch_once
from shopnow.backup import Kind, run_backup
from shopnow.jobs import prove_the_journal, prove_the_retention, start_pages
from shopnow.kernel import Home, connect, write_private
from shopnow.security import STAFF_ROLES, add_account, add_seller_account

if TYPE_CHECKING:
    from collections.abc import Callable

    from shopnow.kernel import Clock, Settings

_ACCOUNTS = {
    "exploitant": "operator", "ingenieur": "engineer", "administrateur": "admin", "dpo": "dpo",
    "analyste": "analyst",
}  # fmt: skip
_SELLER = "S003"
_FILE = "demo-accounts.txt"


@dataclass(frozen=True, slots=True)
class Doors:
    """Where the pages are, and who may enter: login, what they are, password."""

    address: str
    accounts: tuple[tuple[str, str, str], ...]


def open_doors(settings: Settings, clock: Clock, tell: Callable[[str], None]) -> Doors:
    """Back the demo up, make an account a role, and serve the pages from its last evening on.

    The pages start while the backups are made: neither waits for the other.  The passwords are
    new each time; they stay in the home's secrets.  Raises what the pages raise when they do not
    start, and what a backup raises.
    """
    tell("première sauvegarde, ouverture des pages")
    with ThreadPoolExecutor(max_workers=1) as beside:
        opening = beside.submit(_open_pages, settings, clock)
        _back_up(settings, clock)
        return opening.result()


def _back_up(settings: Settings, clock: Clock) -> None:
    """Make a backup of each kind and the proofs, and measure at once what had no data before."""
    for kind in (Kind.FULL, Kind.PARTIAL, Kind.METADATA, Kind.STAGING, Kind.KEYS):
        run_backup(settings, clock, kind)
    prove_the_journal(settings, clock)
    prove_the_retention(settings, clock)
    with connect(settings, application_name="shopnow demo") as conn:
        sample(conn, settings, load_indicators(settings).values(), clock.now(), everything=True)
        watch_once(conn, settings, clock.now())


def _open_pages(settings: Settings, clock: Clock) -> Doors:
    accounts = [
        (login, role, add_account(settings, clock, login, STAFF_ROLES[role]))
        for login, role in _ACCOUNTS.items()
    ]
    seller = _SELLER.lower()
    accounts.append((seller, _SELLER, add_seller_account(settings, clock, seller, [_SELLER])))
    lines = (f"{login}\t{password}\n" for login, _, password in accounts)
    write_private(Home(settings.home).root / "secrets" / _FILE, "".join(lines))
    return Doors(start_pages(settings, clock.now()), tuple(accounts))
