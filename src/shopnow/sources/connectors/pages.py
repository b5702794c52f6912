"""Pages of a REST interface, without any I/O: their records in their own words, what comes next.

Protects exactness (a number's text is kept as it stood) and against a walk without end: a page
that repeats the one before, or an address seen before, stops the pull.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from shopnow.sources.connectors.model import PullRefusedError
from shopnow.sources.readers import NumberText, compact_json, scan_json

if TYPE_CHECKING:
    from collections.abc import Sequence

    from shopnow.sources.connectors.model import Paging, Resume

_SHOWN: Final = 8


@dataclass(frozen=True, slots=True)
class Page:
    """One answer: its records as JSON texts, the document they stood in, a Link to the next."""

    document: Any
    records: tuple[str, ...]
    values: tuple[Any, ...]
    link: str | None = None

    def at(self, path: str) -> Any:  # noqa: ANN401 — whatever stands there
        """What stands at a dotted path, or None."""
        return value_at(self.document, path)


def read_page(body: bytes, records: str | None, where: str, link: str | None = None) -> Page:
    """The page that `body` is; raises PullRefusedError when it is none.

    >>> read_page(b'{"data": [{"price": 1.50}]}', "data", "page 1").records
    ('{"price":1.50}',)
    """
    try:
        document = scan_json(body.decode("utf-8-sig"))
    except (UnicodeDecodeError, ValueError, RecursionError):
        raise PullRefusedError(
            f"{where} : réponse JSON en UTF-8 attendue, reçu {_glimpse(body)}",
            "Vérifiez l'adresse (`url:`) : elle répond peut-être une page de connexion.",
        ) from None
    found = value_at(document, records) if records else document
    if isinstance(found, dict) and not records:
        raise PullRefusedError(
            f"{where} : une liste d'enregistrements attendue, reçu un objet {_names(found)}",
            "Dites où est la liste dans la réponse avec `records:`.",
        )
    if not isinstance(found, list):
        at = _names(document) if isinstance(document, dict) else "une liste"
        raise PullRefusedError(
            f"{where} : liste attendue à « {records} », reçu {at}",
            "Corrigez `records:` : le chemin de la liste dans la réponse, avec des points.",
        )
    return Page(document, tuple(compact_json(one) for one in found), tuple(found), link)


def value_at(value: Any, path: str) -> Any:  # noqa: ANN401 — whatever stands there
    """What stands at a dotted path within a JSON value, or None.

    >>> value_at({"meta": {"next": "abc"}}, "meta.next")
    'abc'
    """
    for key in path.split("."):
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value


class Walk:
    """Which request comes next, from the declaration and the pages so far."""

    def __init__(self, paging: Paging | None) -> None:
        """Begin before the first page."""
        self._paging = paging
        self._place = paging.first if paging else 0
        self._seen: set[str] = set()
        self._before: tuple[str, ...] = ()
        self.records = 0

    def first(self) -> dict[str, str]:
        """The parameters of the first request that paging adds."""
        paging = self._paging
        if paging is None:
            return {}
        size = {paging.size_param: str(paging.size)} if paging.size_param and paging.size else {}
        numbered = paging.kind in ("page", "offset")
        return size | ({paging.param: str(self._place)} if numbered else {})

    def after(self, page: Page, where: str) -> tuple[str | None, dict[str, str]] | None:
        """Address (None: the same) and parameters of the next request; None at the end.

        Raises PullRefusedError when the walk would not end, or ended before its `total`.
        """
        if self._before and page.records == self._before:
            raise PullRefusedError(
                f"{where} : la page répète exactement la précédente",
                "Le paramètre de pagination n'est pas compris par la source : vérifiez `paging:`.",
            )
        self._before = page.records
        self.records += len(page.records)
        following = self._following(page)
        if following is not None:
            self._refuse_seen(following, where)
        elif self._paging is not None:
            self._check_total(page, where)
        return following

    def _following(self, page: Page) -> tuple[str | None, dict[str, str]] | None:
        paging = self._paging
        if paging is None:
            return None
        if paging.kind in ("page", "offset"):
            done = not page.records or self.records == self._total(page)
            # Never "fewer than asked for": a source may give less a page than it is asked.
            self._place += 1 if paging.kind == "page" else len(page.records)
            return None if done else (None, self.first())
        if paging.kind == "link":
            return (page.link, {}) if page.link else None
        mark = page.at(paging.next)
        if mark is None or mark == "" or mark is False:
            return None
        if paging.kind == "next_url":
            return str(mark), {}
        return None, self.first() | {paging.param: str(mark)}

    def _refuse_seen(self, following: tuple[str | None, dict[str, str]], where: str) -> None:
        mark = repr(following)
        if mark in self._seen:
            raise PullRefusedError(
                f"{where} : la page suivante est une page déjà lue",
                "La source tourne en rond ; vérifiez `paging:` ou signalez-le à son éditeur.",
            )
        self._seen.add(mark)

    def _check_total(self, page: Page, where: str) -> None:
        total = self._total(page)
        if total is not None and self.records < total:
            raise PullRefusedError(
                f"{where} : {total} enregistrements annoncés, {self.records} reçus",
                "Rien n'est pris. Vérifiez `paging:`, puis relancez.",
            )

    def _total(self, page: Page) -> int | None:
        if self._paging is None or not self._paging.total:
            return None
        found = page.at(self._paging.total)
        return int(found) if isinstance(found, NumberText) and found.isdigit() else None


class Furthest:
    """How far the records reach: the value from which the next pull goes on."""

    def __init__(self, resume: Resume, before: str | None) -> None:
        """Begin with what was kept after the pull before."""
        self._resume = resume
        self._key: Any = None if before is None else self._ordered(before)
        self.value = before
        self._found = False

    def asked(self) -> dict[str, str]:
        """The parameter that asks for what is new; none where nothing was ever taken."""
        since = self.value if self.value is not None else self._resume.start
        if not since:
            return {}
        if self._resume.overlap and self._resume.kind == "time" and not self._resume.token:
            at = _instant(since)
            if at is not None:
                since = (at - self._resume.overlap).isoformat().replace("+00:00", "Z")
        return {self._resume.param: since}

    def take(self, page: Page) -> None:
        """Look at a page."""
        if self._resume.token:
            mark = page.at(self._resume.token)
            if mark not in (None, ""):
                self.value, self._found = str(mark), True
            return
        for record in page.values:
            said = value_at(record, self._resume.field)
            key = None if said is None else self._ordered(str(said))
            if key is not None:
                self._found = True
                if self._key is None or key > self._key:
                    self._key, self.value = key, str(said)

    def refuse_unless_found(self, where: str) -> None:
        """Records came, but none said how far they reach: the next pull would fetch them again."""
        if not self._found:
            name = self._resume.token or self._resume.field
            raise PullRefusedError(
                f"{where} : « {name} » attendu pour reprendre au prochain appel, absent ou"
                f" illisible ({self._resume.kind})",
                "Corrigez `resume:` ; sans lui, tout serait redemandé à chaque fois.",
            )

    def _ordered(self, text: str) -> Any:  # noqa: ANN401 — what can be compared
        if self._resume.token or self._resume.kind == "text":
            return text
        if self._resume.kind == "time":
            return _instant(text)
        try:
            return Decimal(text)
        except InvalidOperation:
            return None


def _instant(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _names(document: dict[str, Any]) -> str:
    names: Sequence[str] = sorted(document)[:_SHOWN]
    return f"avec les clés {', '.join(names)}" if names else "vide"


def _glimpse(body: bytes) -> str:
    if not body:
        return "une réponse vide"
    kind = "du HTML" if body.lstrip()[:1] == b"<" else "autre chose"
    return f"{kind} ({len(body)} octets)"
