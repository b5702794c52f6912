"""The check of contracts against the ODCS 3.1 model, made once for each text of a contract.

Building the model takes longer than loading a small delivery does: where a file is given for it,
what passed is noted there and a contract is checked again when its text or the model changed.
"""

from __future__ import annotations

from hashlib import sha256
from importlib.metadata import version
from typing import TYPE_CHECKING

from shopnow.kernel import write_private

if TYPE_CHECKING:
    from pathlib import Path


class Standard:
    """The model, and the digests of the contracts that passed it."""

    def __init__(self, noted: Path | None = None) -> None:
        """Read what passed before from `noted`, when that exists."""
        self._noted = noted
        self._salt = version("open-data-contract-standard").encode()
        self._known = _lines(noted)
        self._passed: set[str] = set()

    def check(self, text: bytes, document: object) -> None:
        """Check a contract's document, unless its text passed before; raises ValueError."""
        digest = sha256(self._salt + b"\n" + text).hexdigest()
        if digest not in self._known:
            from open_data_contract_standard.model import (  # noqa: PLC0415
                OpenDataContractStandard,
            )

            OpenDataContractStandard.model_validate(document)
        self._passed.add(digest)

    def note(self) -> None:
        """Keep what passed, and nothing else."""
        if self._noted is not None and self._passed != self._known:
            self._noted.parent.mkdir(exist_ok=True)
            write_private(self._noted, "".join(f"{digest}\n" for digest in sorted(self._passed)))


def _lines(noted: Path | None) -> set[str]:
    try:
        return set(noted.read_text(encoding="ascii").splitlines()) if noted else set()
    except (FileNotFoundError, UnicodeDecodeError):
        return set()
