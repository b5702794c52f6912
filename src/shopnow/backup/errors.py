"""What goes wrong with backups, in words for the operator: French, what it is, what to do now."""

from __future__ import annotations

import errno
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from shopnow.kernel import ShopnowError, TerminalError, TransientError

if TYPE_CHECKING:
    from collections.abc import Iterator

# A quota and a limit of the process end a file in the middle just as a full disk does.
_FULL: Final = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


class BackupError(TerminalError):
    """A backup or a restore that cannot be done until somebody changes something."""


class BackupBusyError(TransientError):
    """Another backup or restore is under way."""


class BackupBrokenError(BackupError):
    """A backup that is damaged or incomplete: it must not be restored."""


class NoSummariesError(BackupError):
    """The server cannot say what changed since the parent: only a full backup is possible."""


class DiskFullError(TransientError):
    """The disk of the backup or of the restore is full; nothing live was touched."""


def disk_full(where: str) -> DiskFullError:
    """Return the error for a disk that filled up while `where` was written."""
    return DiskFullError(
        f"disque plein pendant l'écriture de {where}",
        "L'entrepôt en service n'est pas touché et ce qui était commencé est effacé : "
        "libérer de la place (`shopnow backup prune`), puis relancer.",
    )


@contextmanager
def full_disk_told(where: str) -> Iterator[None]:
    """Turn the system's "no space left" into our error."""
    try:
        yield
    except OSError as error:
        if isinstance(error, ShopnowError) or error.errno not in _FULL:
            raise
        raise disk_full(where) from error
