"""What is wrong with a built site: links that lead nowhere, pages nobody reaches, foreign files.

Judged on the HTML as it is served: what the builder checks in Markdown leaves out images, pages
that are made, and pages that no other names.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# A page of an error is reached by no link, and its links are absolute.
_ALONE: Final = ("404.html",)
# What a browser fetches by itself; a link that a reader may follow is not among them.
_FETCHED: Final = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src"}


@dataclass
class _Page(HTMLParser):
    """The anchors of one page, the links of its text, and what it fetches."""

    anchors: set[str] = field(default_factory=set)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.anchors |= {values[name] for name in ("id", "name") if values.get(name)}
        if tag == "a" and "href" in values:
            self.links.append(values["href"])
        if (attribute := _FETCHED.get(tag)) and values.get(attribute):
            self.fetched.append(values[attribute])


def faults(site: Path) -> list[str]:
    """Return what is wrong with the site, a line each, sorted; nothing when all is right."""
    pages = {path: _read(path) for path in site.rglob("*.html") if path.name not in _ALONE}
    found = set()
    reached: dict[Path, set[Path]] = {}
    for path, page in pages.items():
        targets = reached.setdefault(path, set())
        for target, anchor, said in _inward(site, path, page):
            targets.add(target)
            where = f"{path.relative_to(site)}: {said}"
            if not target.is_file():
                found.add(f"{where} leads nowhere")
            elif anchor and target in pages and anchor not in pages[target].anchors:
                found.add(f"{where} leads to no place of the page")
        foreign = [one for one in page.fetched if urlsplit(one).netloc]
        found |= {f"{path.relative_to(site)}: fetches {one}" for one in foreign}
    lost = set(pages) - _walk(site / "index.html", reached)
    return sorted(found | {f"{path.relative_to(site)}: no page leads to it" for path in lost})


def _read(path: Path) -> _Page:
    page = _Page()
    page.feed(path.read_text("utf-8"))
    return page


def _inward(site: Path, path: Path, page: _Page) -> Iterator[tuple[Path, str, str]]:
    """Give the file and the anchor of each link and fetch that stays in the site."""
    for said in (*page.links, *page.fetched):
        parts = urlsplit(said)
        if parts.scheme or parts.netloc:
            continue
        base = site if parts.path.startswith("/") else path.parent
        target = (base / unquote(parts.path).lstrip("/")).resolve() if parts.path else path
        if target.is_dir():
            target /= "index.html"
        yield target, unquote(parts.fragment), said


def _walk(start: Path, reached: dict[Path, set[Path]]) -> set[Path]:
    seen, ahead = {start}, deque([start])
    while ahead:
        for target in reached.get(ahead.popleft(), set()) - seen:
            seen.add(target)
            ahead.append(target)
    return seen
