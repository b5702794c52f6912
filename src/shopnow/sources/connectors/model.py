"""What a connector is: where a source's deliveries are fetched, how often, with which secret.

Protects the rule that no secret ever stands in a source file: a connector names secrets, their
values are read from files of the home when a pull begins.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from shopnow.kernel import ShopnowError, TerminalError, TransientError

AuthKind = Literal["bearer", "basic", "header", "oauth2"]
PagingKind = Literal["page", "offset", "cursor", "next_url", "link"]
AFTER = ("keep", "move", "delete")


class PullError(ShopnowError):
    """A pull that took nothing in; message and hint are French, for who runs the warehouse."""


class PullBrokenError(PullError, TransientError):
    """The other side is away, slow or overloaded: the next pull may succeed."""


class PullRefusedError(PullError, TerminalError):
    """Somebody has to change something first: a secret, an address, a declaration."""


@dataclass(frozen=True, slots=True)
class Auth:
    """How we tell who we are; `secret` is the name of a secret of the home, never its value.

    `name`: the header of `header`. `user`: of `basic`, the client of `oauth2`, whose token is
    asked of `token_url`.
    """

    kind: AuthKind
    secret: str
    user: str = ""
    name: str = ""
    token_url: str = ""
    scope: str = ""


@dataclass(frozen=True, slots=True)
class Paging:
    """How the next page is asked for.

    `page`, `offset`: a number in `param`, until a page is empty. `cursor`: in `param` what the
    page holds at the path `next`. `next_url`: the address at the path `next`. `link`: the header
    Link. `total`: the path of how many records there are in all.
    """

    kind: PagingKind
    param: str = ""
    next: str = ""
    first: int = 1
    size: int = 0
    size_param: str = ""
    total: str = ""


@dataclass(frozen=True, slots=True)
class Resume:
    """Where the next pull goes on: the greatest `field` of what was taken, or the path `token`.

    `overlap`: how far back a time is asked for again, for what was written late over there.
    """

    param: str
    field: str = ""
    token: str = ""
    kind: Literal["time", "number", "text"] = "time"
    start: str = ""
    overlap: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class RestConnector:
    """A REST interface; what it gives becomes one file a pull.

    With `records`, `paging` or `resume` its pages are JSON and become NDJSON, a record a line, in
    the very words of the page; without them the one answer is the file. `rate`: requests a second.
    """

    url: str
    every: timedelta
    params: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    auth: Auth | None = None
    records: str | None = None
    paging: Paging | None = None
    resume: Resume | None = None
    rate: float = 5.0
    attempts: int = 5
    wait_seconds: float = 1.0
    timeout_seconds: float = 30.0
    max_pages: int = 10_000
    ca_file: str | None = None

    @property
    def is_paged(self) -> bool:
        """True when answers are JSON pages whose records are gathered."""
        return self.records is not None or self.paging is not None or self.resume is not None


@dataclass(frozen=True, slots=True)
class FilesConnector:
    """A folder, an SFTP drop or a store of objects, by URL; each new file is a delivery.

    `settle`: how long a file must have been left alone, so that none is taken half written.
    `after`: what becomes of a file that was taken; `move` puts it below `taken`. `options`: for
    the driver of the store; `secret_options` the same with names of secrets. `host_key`: the one
    key by which an SFTP server is known.
    """

    url: str
    every: timedelta
    settle: timedelta = timedelta(seconds=30)
    after: Literal["keep", "move", "delete"] = "keep"
    taken: str = "recu"
    time_in_name: str | None = None
    user: str = ""
    secret: str | None = None
    key_secret: str | None = None
    host_key: str | None = None
    options: tuple[tuple[str, str], ...] = ()
    secret_options: tuple[tuple[str, str], ...] = ()

    @property
    def protocol(self) -> str:
        """How the store is spoken to: file, sftp, s3 and so on."""
        return self.url.split("://", 1)[0] if "://" in self.url else "file"


Connector = RestConnector | FilesConnector


@dataclass(frozen=True, slots=True)
class AnswerRoute:
    """How a sender is answered: by e-mail, into a folder by URL, or both.

    `email`: an address, or `contact` for the seller's contact person, whose address is in the
    vault alone. `when`: `always`, or `findings` for deliveries of which something must be said.
    """

    email: str | None = None
    drop: FilesConnector | None = None
    formats: tuple[str, ...] = ("xlsx",)
    language: Literal["fr", "en"] = "fr"
    when: Literal["always", "findings"] = "always"
