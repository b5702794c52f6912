"""An access and its life: what the ledger says of it, folded entry by entry; no I/O.

The ledger is the truth: what the database holds is made to follow it, after a restore too.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, Literal

from shopnow.kernel import TerminalError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from shopnow.journal import LedgerEntry

GRANTED: Final = "access_granted"
CHANGED: Final = "access_sellers_changed"
PASSWORD: Final = "access_password_drawn"  # noqa: S105  # the name of an entry, not a password
EXPIRY: Final = "access_expiry_set"
SUSPENDED: Final = "access_suspended"
RESUMED: Final = "access_resumed"
REVIEWED: Final = "access_reviewed"
REVOKED: Final = "access_revoked"


@dataclass(frozen=True, slots=True)
class Access:
    """One role made for somebody: a seller's, a group of sellers', or one of the staff."""

    role_name: str
    label: str
    kind: Literal["seller", "staff"]
    member_of: str
    can_login: bool
    granted_at: datetime
    sellers: tuple[int, ...] = ()
    web_login: str | None = None
    expires_at: datetime | None = None
    suspended: bool = False
    password_at: datetime | None = None
    reviewed_at: datetime | None = None
    revoked_at: datetime | None = None
    # SCRAM verifier: known from the ledger only, never shown, never in a table of ours.
    verifier: str | None = field(default=None, repr=False)

    @property
    def is_open(self) -> bool:
        """Return whether it was not revoked; it may be suspended or expired."""
        return self.revoked_at is None

    def said(self) -> dict[str, Any]:
        """Return what the ledger says when it is granted."""
        return {
            "role_name": self.role_name,
            "label": self.label,
            "kind": self.kind,
            "member_of": self.member_of,
            "can_login": self.can_login,
            "sellers": list(self.sellers),
            "web_login": self.web_login,
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "verifier": self.verifier,
        }


def fold(entries: Iterable[LedgerEntry]) -> dict[str, Access]:
    """Return every access by its role, as the last entry left it.

    Raises TerminalError for an entry of a kind that this version does not know: to pass over it
    could leave a door open.
    """
    accesses: dict[str, Access] = {}
    for entry in entries:
        if entry.kind == GRANTED:
            for said in entry.body["accesses"]:
                accesses[said["role_name"]] = _granted(said, entry.at)
            continue
        for role in entry.body["roles"]:
            accesses[role] = _changed(accesses[role], entry)
    return accesses


def shown_out(entries: Iterable[LedgerEntry]) -> set[int]:
    """Return the sellers that an access was taken from and none granted since."""
    held: dict[str, set[int]] = {}
    gone: set[int] = set()
    for entry in entries:
        if entry.kind == GRANTED:
            for said in entry.body["accesses"]:
                held[said["role_name"]] = set(said["sellers"])
                gone -= held[said["role_name"]]
        elif entry.kind in {REVOKED, CHANGED}:
            for role in entry.body["roles"]:
                left = set(entry.body.get("sellers", ()))
                gone |= held[role] - left
                held[role] = left
    return gone


def _granted(said: Mapping[str, Any], at: datetime) -> Access:
    return Access(
        role_name=said["role_name"],
        label=said["label"],
        kind=said["kind"],
        member_of=said["member_of"],
        can_login=said["can_login"],
        granted_at=at,
        sellers=tuple(said["sellers"]),
        web_login=said["web_login"],
        expires_at=_instant(said["expires_at"]),
        password_at=at if said["verifier"] else None,
        verifier=said["verifier"],
    )


def _changed(access: Access, entry: LedgerEntry) -> Access:
    body, at = entry.body, entry.at
    changes: dict[str, dict[str, Any]] = {
        SUSPENDED: {"suspended": True},
        RESUMED: {"suspended": False},
        REVIEWED: {"reviewed_at": at},
        REVOKED: {"revoked_at": at, "verifier": None},
        EXPIRY: {"expires_at": _instant(body.get("expires_at"))},
        CHANGED: {"sellers": tuple(body.get("sellers", ()))},
        PASSWORD: {"verifier": body.get("verifier"), "password_at": at},
    }
    if entry.kind not in changes:
        message = f"the access ledger has an entry {entry.kind!r} that this version does not know"
        raise TerminalError(message, "Install the version of shopnow that wrote it.")
    return replace(access, **changes[entry.kind])


def _instant(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def one_named(accesses: Mapping[str, Access], name: str) -> Access | None:
    """Return the open access of that label or role."""
    for access in accesses.values():
        if access.is_open and name in {access.label, access.role_name}:
            return access
    return None


def of_seller(accesses: Mapping[str, Access], seller_no: int) -> Sequence[Access]:
    """Return the open accesses that a seller was granted."""
    return [
        access for access in accesses.values() if access.is_open and seller_no in access.sellers
    ]
