"""What can go wrong with keys and seals; no message ever carries a value or a key."""

from __future__ import annotations

from shopnow.kernel import TerminalError, TransientError


class PrivacyError(TerminalError):
    """Something about keys, seals or the vault that another attempt does not heal."""


class KeyStoreError(PrivacyError):
    """The key store cannot be opened, or is not the one of this warehouse."""


class MissingKeyError(PrivacyError):
    """A key was asked for that does not exist, or no longer does: what it sealed is gone."""


class SealBrokenError(PrivacyError):
    """A sealed file or line was cut, reordered or altered, or the key is another one."""


class KeyStoreUnavailableError(TransientError):
    """The key store is busy or its disk is full: the same call may succeed later."""
