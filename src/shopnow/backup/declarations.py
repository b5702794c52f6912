"""What people declared, given back from a metadata backup: sources, contracts, marts, settings.

A new machine has the product; what was declared on the lost one it has not.  What is there stays:
the operator decides which of two is right.
"""

from __future__ import annotations

import json
import tarfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from shopnow.backup.errors import BackupBrokenError
from shopnow.backup.metadata import ARCHIVE, as_kept, folders_of
from shopnow.kernel import write_private

if TYPE_CHECKING:
    from pathlib import Path

    from shopnow.kernel import Settings

_SETTINGS: Final = "settings.json"


@dataclass(frozen=True, slots=True)
class Declared:
    """Files that lack here, files that differ here (left alone), settings of then that differ."""

    missing: tuple[str, ...]
    differing: tuple[str, ...]
    settings: dict[str, Any]


def restore(settings: Settings, folder: Path, *, apply: bool) -> Declared:
    """Compare the declarations of a metadata backup with those here; with `apply` put back missing.

    Raises BackupBrokenError when the backup cannot be read.
    """
    missing, differing = [], []
    then: dict[str, Any] = {}
    try:
        with tarfile.open(folder / ARCHIVE) as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is None:
                    continue
                text = content.read()
                if member.name == _SETTINGS:
                    then = json.loads(text)
                target = _target(settings, member.name)
                if target is None or (target.is_file() and target.read_bytes() == text):
                    continue
                if target.exists():
                    differing.append(member.name)
                    continue
                missing.append(member.name)
                if apply:
                    target.parent.mkdir(parents=True, exist_ok=True)
                    write_private(target, text.decode("utf-8"))
    except (OSError, tarfile.TarError, ValueError) as error:
        raise BackupBrokenError(
            f"la sauvegarde {folder.name} ne se lit pas", "En prendre une plus ancienne."
        ) from error
    return Declared(tuple(missing), tuple(differing), _changed(settings, then))


def _target(settings: Settings, name: str) -> Path | None:
    """Return where a declaration belongs here; None for what is no declaration."""
    kind, _, rest = name.partition("/")
    base = folders_of(settings).get(kind)
    if base is None or not rest or ".." in rest.split("/"):
        return None
    return base / rest


def _changed(settings: Settings, then: dict[str, Any]) -> dict[str, Any]:
    """Return the settings of then that are others here, folders left out: machines differ."""
    here = {name: as_kept(getattr(settings, name, None)) for name in then}
    return {
        name: value
        for name, value in then.items()
        if not name.endswith(("_dir", "_file", "home")) and value != here[name]
    }
