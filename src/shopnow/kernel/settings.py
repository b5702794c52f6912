"""One frozen settings object, built once at the door.

Order: command line, then `SHOPNOW_*`, then `shopnow.toml`, then the default.  A key that
nobody knows is refused, because a setting misspelt is a setting that silently does nothing.
"""

from __future__ import annotations

import os
import tomllib
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from shopnow.kernel.errors import UsageError, nearest
from shopnow.kernel.layout import data_dir

if TYPE_CHECKING:
    from collections.abc import Mapping

PREFIX: Final = "SHOPNOW_"
CONFIG_VARIABLE: Final = "SHOPNOW_CONFIG"
CONFIG_FILE: Final = "shopnow.toml"
LOG_LEVELS: Final = ("DEBUG", "INFO", "WARNING", "ERROR")
_YES: Final = frozenset({"true", "yes", "on", "1"})
_NO: Final = frozenset({"false", "no", "off", "0"})

Value = str | int | bool | Path | None


@dataclass(frozen=True)
class Settings:
    """Everything that may differ between two installations; sizes in bytes."""

    home: Path = Path(".shopnow")
    # A connection string of a PostgreSQL >= 18; when it is set nothing is started.
    dsn: str | None = field(default=None, repr=False)
    # Empty: the database of the DSN, or "shopnow".
    database: str = ""
    zone: str = "Europe/Paris"
    contracts_dir: Path = field(default_factory=lambda: data_dir("contracts"))
    sources_dir: Path = field(default_factory=lambda: data_dir("sources"))
    marts_dir: Path = field(default_factory=lambda: data_dir("marts"))
    migrations_dir: Path = field(default_factory=lambda: data_dir("db/migrations"))
    # Who may do what with what.
    access_file: Path = field(default_factory=lambda: data_dir("db/access.yaml"))
    # Address of an Azure Key Vault key that wraps the master key; empty: it stands in its file.
    key_vault: str = ""
    log_level: str = "INFO"
    # One delivered file, unpacked: beyond it the file is refused, not read.
    landing_limit: int = 64 * 1024**3
    # What the loading process may take, whatever the size of the file.
    memory_limit: int = 1024**3
    batch_records: int = 500_000
    batch_deliveries: int = 1_000
    # A delivery of as many bytes is copied into staging while it is still judged.
    copied_apart_bytes: int = 4 * 1024**2
    # A delivery of as many bytes of order lines is compared with the one before; a smaller one is
    # taken in sooner than what was kept of the other is read.
    compared_lines_bytes: int = 1024**2
    # What the home may take: a quota; the disk itself counts where it is smaller.
    disk_quota: int = 64 * 1024**4
    # The embedded server only: both off makes a warehouse for tests, lost at a power cut.
    server_sync: bool = True
    server_archive: bool = True
    # Where the pages are served; anything but loopback belongs behind a proxy with TLS.
    web_host: str = "127.0.0.1"
    web_port: int = 8787
    # Mail to sellers: `smtp://user@host:587` (STARTTLS) or `smtps://user@host:465`; empty: none.
    smtp_url: str = ""
    smtp_ca_file: Path | None = None
    mail_from: str = ""
    # Where each step is told as OpenLineage events: a file (one JSON a line) or an https URL whose
    # /api/v1/lineage takes them, its token in `secrets/lineage.token`; empty: nowhere.
    lineage_to: str = ""
    # Seconds given to the embedded server to start, crash recovery included.
    server_start_seconds: int = 120
    # Backups: their folder (default: in the home), that of what opens them (default: beside the
    # home, never in it), and the URL of the second copy of each (any that fsspec knows).
    backup_dir: Path | None = None
    backup_keys_dir: Path | None = None
    backup_copy: str = ""
    backup_keys_copy: str = ""
    # Calendars: `HH:MM` or `sunday HH:MM`, in the zone above; empty means never.
    backup_full_at: str = "sunday 01:00"
    backup_incremental_at: str = "01:00"
    backup_partial_at: str = "02:00"
    backup_metadata_at: str = "02:30"
    backup_staging_at: str = "02:45"
    backup_keys_at: str = "02:50"
    drill_at: str = "monday 04:00"
    # How long they stay: sons, fathers, grandfathers; never fewer full ones than the floor.
    backup_days: int = 14
    backup_weeks: int = 5
    backup_months: int = 12
    backup_floor: int = 2
    backup_landing_days: int = 14
    backup_key_days: int = 30
    # No copy is deleted before this age, whatever the rest says.
    backup_lock_days: int = 7
    # What a backup leaves to others: its programs' niceness, at most so many MiB read a second.
    backup_nice: int = 10
    backup_rate_mib: int = 1024
    # At most this is lost with the data folder: an idle segment is archived after it.
    backup_loss_seconds: int = 300

    @property
    def tz(self) -> ZoneInfo:
        """The zone in which people read days and hours."""
        return ZoneInfo(self.zone)

    @property
    def embedded(self) -> bool:
        """True when the warehouse is the server that we start ourselves."""
        return self.dsn is None

    def with_database(self, name: str) -> Settings:
        """Return the same settings for another database of the same server."""
        return replace(self, database=name)


_FIELDS: Final = {item.name: item for item in fields(Settings)}
_PATHS: Final = frozenset(name for name, item in _FIELDS.items() if "Path" in str(item.type))
_INTEGERS: Final = frozenset(name for name, item in _FIELDS.items() if item.type == "int")
_SWITCHES: Final = frozenset(name for name, item in _FIELDS.items() if item.type == "bool")


def load_settings(
    overrides: Mapping[str, Value] | None = None,
    *,
    environ: Mapping[str, str] | None = None,
    config: Path | None = None,
) -> Settings:
    """Return the settings of this process.

    `overrides` are those of the command line (None means not given), `config` the file of
    `--config`.  Raises UsageError for an unknown key, an unreadable file or a wrong value.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Value] = {}
    values.update(_from_file(_config_path(config, environ)))
    values.update(_from_environment(environ))
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    for key in given:
        _refuse_unknown(key, "the command line")
    values.update({key: _typed(key, value, "the command line") for key, value in given.items()})
    settings = Settings(**values)  # type: ignore[arg-type]  # _typed checked each of them
    return _checked(replace(settings, home=settings.home.expanduser().absolute()))


def _config_path(config: Path | None, environ: Mapping[str, str]) -> Path | None:
    if config is not None:
        return config
    if environ.get(CONFIG_VARIABLE):
        return Path(environ[CONFIG_VARIABLE])
    found = Path(CONFIG_FILE)
    return found if found.is_file() else None


def _from_file(path: Path | None) -> dict[str, Value]:
    if path is None:
        return {}
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        message = f"the settings file {path} cannot be read: {error}"
        raise UsageError(message, "It is TOML: one `key = value` a line.") from error
    values: dict[str, Value] = {}
    for key, value in content.items():
        _refuse_unknown(key, str(path))
        typed = _typed(key, value, str(path))
        # A relative path in a file is meant from that file, wherever the command runs.
        values[key] = path.parent / typed.expanduser() if isinstance(typed, Path) else typed
    return values


def _from_environment(environ: Mapping[str, str]) -> dict[str, Value]:
    values: dict[str, Value] = {}
    for name, value in environ.items():
        if not name.startswith(PREFIX) or name == CONFIG_VARIABLE:
            continue
        key = name.removeprefix(PREFIX).lower()
        _refuse_unknown(key, "the environment")
        if value:
            values[key] = _typed(key, value, name)
    return values


def _refuse_unknown(key: str, where: str) -> None:
    if key in _FIELDS:
        return
    close = nearest(key, _FIELDS)
    hint = f"Did you mean {close!r}?" if close else f"Known keys: {', '.join(sorted(_FIELDS))}."
    message = f"unknown setting {key!r} in {where}"
    raise UsageError(message, hint)


def _typed(key: str, value: object, where: str) -> Value:
    if key in _PATHS and isinstance(value, str | Path):
        return Path(value)
    if key in _INTEGERS:
        return _integer(key, value, where)
    if key in _SWITCHES:
        return _switch(key, value, where)
    if key not in _PATHS and isinstance(value, str):
        return value
    message = f"setting {key!r} in {where} has a value of type {type(value).__name__}"
    raise UsageError(message, "It is a text between quotes.")


def _integer(key: str, value: object, where: str) -> int:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    try:
        return int(str(value).replace("_", ""))
    except ValueError:
        message = f"setting {key!r} in {where} is not a whole number"
        raise UsageError(message, "Write digits only; sizes are in bytes.") from None


def _switch(key: str, value: object, where: str) -> bool:
    word = str(value).lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    message = f"setting {key!r} in {where} is neither true nor false"
    raise UsageError(message, "Write true or false.")


def _checked(settings: Settings) -> Settings:
    try:
        ZoneInfo(settings.zone)
    except (ZoneInfoNotFoundError, ValueError):
        message = f"unknown time zone {settings.zone!r}"
        raise UsageError(message, "Use a name like Europe/Paris.") from None
    if settings.log_level not in LOG_LEVELS:
        message = f"unknown log_level {settings.log_level!r}"
        raise UsageError(message, f"Use one of {', '.join(LOG_LEVELS)}.")
    for name in sorted(_INTEGERS):
        if getattr(settings, name) <= 0:
            message = f"setting {name!r} is not positive"
            raise UsageError(message)
    return settings
