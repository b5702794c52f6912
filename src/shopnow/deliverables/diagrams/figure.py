"""Tables as boxes in columns, and the links between them as shared trunks in the gutters.

A link goes from the table that refers (crow's foot) to the one referred to (bar). Links to one
table share one line in the gutter, in the colour of that table, so that a star stays readable.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from shopnow.deliverables.diagrams.canvas import INK, MUTED, PAPER, Canvas, text_width

if TYPE_CHECKING:
    from collections.abc import Sequence

ROW: Final = 22.0
HEAD: Final = 46.0
GAP: Final = 34.0
MARGIN: Final = 40.0
TITLE: Final = 84.0
_LANE: Final = 16.0
_GUTTER: Final = 56.0
_NAME, _DETAIL = 12.5, 11.0
GREY: Final = "#8a94a0"


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a box: a name, a detail on the right, labels with their colours before it."""

    name: str
    detail: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    is_key: bool = False
    is_muted: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A table: what it is called, what it is (`about`), its rows, its colour and its column."""

    name: str
    title: str
    about: str
    rows: tuple[Row, ...]
    colour: str
    column: int


@dataclass(frozen=True, slots=True)
class Link:
    """`source` refers to `target` from its row `row`; `dashed`: nothing but the load keeps it."""

    source: str
    target: str
    row: str = ""
    dashed: bool = False


@dataclass(slots=True)
class _Placed:
    box: Box
    x: float
    y: float
    width: float

    @property
    def height(self) -> float:
        return HEAD + len(self.box.rows) * ROW + 10

    @property
    def bottom(self) -> float:
        return self.y + self.height


@dataclass
class Figure:
    """A drawing of boxes and links; legend entries are (label, colour, meaning)."""

    title: str
    about: str
    boxes: Sequence[Box]
    links: Sequence[Link]
    legend: Sequence[tuple[str, str, str]] = ()
    notes: Sequence[str] = ()
    _placed: dict[str, _Placed] = field(default_factory=dict)

    def svg(self) -> str:
        """The drawing."""
        canvas = Canvas()
        lanes = self._lanes()
        width, height = self._place(lanes)
        canvas.text((MARGIN, 40), self.title, 22, bold=True)
        canvas.text((MARGIN, 62), self.about, 13, fill=MUTED)
        for link in self.links:
            self._draw_link(canvas, link, lanes)
        for placed in self._placed.values():
            _draw_box(canvas, placed)
        bottom = self._draw_legend(canvas, height)
        names = ", ".join(box.title for box in self.boxes)
        return canvas.render((width, bottom), self.title, f"{self.about} Tables : {names}.")

    def _lanes(self) -> dict[int, list[str]]:
        """For the gutter right of each column: the tables that its lines lead to, in order."""
        column = {box.name: box.column for box in self.boxes}
        found: dict[int, list[str]] = defaultdict(list)
        for link in self.links:
            if self._are_neighbours(link):
                continue
            gutter = min(column[link.source], column[link.target])
            if link.target not in found[gutter]:
                found[gutter].append(link.target)
        return found

    def _are_neighbours(self, link: Link) -> bool:
        """True when the one stands right above the other: their line needs no gutter."""
        names = [box.name for box in self.boxes]
        one, other = (self.boxes[names.index(name)] for name in (link.source, link.target))
        between = sorted((names.index(link.source), names.index(link.target)))
        return one.column == other.column and not any(
            box.column == one.column for box in self.boxes[between[0] + 1 : between[1]]
        )

    def _place(self, lanes: dict[int, list[str]]) -> tuple[float, float]:
        x, lowest = MARGIN, 0.0
        for column in range(max(box.column for box in self.boxes) + 1):
            boxes = [box for box in self.boxes if box.column == column]
            width = max((_width(box) for box in boxes), default=0.0)
            y = TITLE + 16
            for box in boxes:
                placed = self._placed[box.name] = _Placed(box, x, y, width)
                y = placed.bottom + GAP
            lowest = max(lowest, y - GAP)
            x += width + _GUTTER + len(lanes.get(column, ())) * _LANE
        last = max(placed.x + placed.width for placed in self._placed.values())
        self._even_out(lowest)
        return last + MARGIN, lowest

    def _even_out(self, lowest: float) -> None:
        """Columns that are shorter than the longest one are spread over its height."""
        columns: dict[int, list[_Placed]] = defaultdict(list)
        for placed in self._placed.values():
            columns[placed.box.column].append(placed)
        for column in columns.values():
            spare = lowest - column[-1].bottom
            share = min(spare / (len(column) + 1), 90.0)
            for place, placed in enumerate(column):
                placed.y += share * (place + 1) if len(column) > 1 else min(spare / 2, 120)

    def _draw_link(self, canvas: Canvas, link: Link, lanes: dict[int, list[str]]) -> None:
        source, target = self._placed[link.source], self._placed[link.target]
        colour = target.box.colour
        if self._are_neighbours(link):
            _draw_neighbours(canvas, source, target, link, colour)
            return
        # Within one column the line goes out to the right and comes back.
        leaves_right = target.x >= source.x
        arrives_right = target.x <= source.x
        gutter = min(source.box.column, target.box.column)
        left = source if source.x <= target.x else target
        lane = lanes[gutter].index(link.target)
        x = left.x + left.width + _GUTTER / 2 + (lane + 0.5) * _LANE
        start = source.x + source.width if leaves_right else source.x
        end = target.x + target.width if arrives_right else target.x
        y1 = self._port(link, source, to_right=leaves_right)
        y2 = target.y + HEAD / 2
        points = [(start, y1), (x, y1), (x, y2), (end, y2)]
        canvas.path(points, colour, dashed=link.dashed, radius=8)
        _crow_foot(canvas, (start, y1), 1 if leaves_right else -1, colour)
        _bar(canvas, (end, y2), 1 if arrives_right else -1, colour)

    def _port(self, link: Link, source: _Placed, *, to_right: bool) -> float:
        """Where a line leaves: at the row that refers, else one below the other."""
        names = [row.name for row in source.box.rows]
        if link.row in names:
            return source.y + HEAD + 5 + ROW * (names.index(link.row) + 0.5)
        side = [
            one.target
            for one in self.links
            if one.source == link.source
            and one.row not in names
            and not self._are_neighbours(one)
            and (self._placed[one.target].x >= source.x) == to_right
        ]
        side.sort(key=lambda name: self._placed[name].y)
        return source.y + HEAD + 5 + ROW * (side.index(link.target) + 0.5)

    def _draw_legend(self, canvas: Canvas, height: float) -> float:
        x, y = MARGIN, height + 44
        for label, colour, meaning in self.legend:
            x += canvas.pill((x, y), label, colour) + 8
            canvas.text((x, y + 4), meaning, 12, fill=MUTED)
            x += text_width(meaning, 12) + 24
        y += 26 if self.legend else 0
        for note in self.notes:
            canvas.text((MARGIN, y), note, 12, fill=MUTED)
            y += 19
        return y + 14


def _width(box: Box) -> float:
    rows = [
        28
        + sum(max(18.0, text_width(label, 10, bold=True) + 10) + 4 for label, _ in row.labels)
        + text_width(row.name, _NAME, mono=True)
        + (18 + text_width(row.detail, _DETAIL) if row.detail else 0)
        for row in box.rows
    ]
    head = 28 + max(text_width(box.title, 15, bold=True), text_width(box.about, _DETAIL))
    return max([head, 190.0, *rows])


def _draw_box(canvas: Canvas, placed: _Placed) -> None:
    box, x, y, width = placed.box, placed.x, placed.y, placed.width
    canvas.rectangle((x, y), (width, placed.height), PAPER, stroke=box.colour, radius=8)
    canvas.header((x, y), (width, HEAD), box.colour, 8)
    canvas.text((x + 14, y + 20), box.title, 15, fill=PAPER, bold=True)
    canvas.text((x + 14, y + 36), box.about, _DETAIL, fill=PAPER)
    top = y + HEAD + 5
    for place, row in enumerate(box.rows):
        middle = top + ROW * (place + 0.5)
        if place % 2:
            canvas.rectangle((x + 1, middle - ROW / 2), (width - 2, ROW), "#f5f7f9")
        at = x + 14
        for label, colour in row.labels:
            at += canvas.pill((at, middle), label, colour) + 4
        ink = MUTED if row.is_muted else INK
        canvas.text(
            (at, middle + 4.3), row.name, _NAME, fill=ink, mono=not row.is_muted,
            bold=row.is_key, italic=row.is_muted,
        )  # fmt: skip
        if row.detail:
            end = (x + width - 14, middle + 4)
            canvas.text(end, row.detail, _DETAIL, fill=MUTED, anchor="end")


def _draw_neighbours(
    canvas: Canvas, source: _Placed, target: _Placed, link: Link, colour: str
) -> None:
    """A line between two boxes that stand one above the other."""
    x = source.x + source.width / 2
    down = target.y > source.y
    start, end = (source.bottom, target.y) if down else (source.y, target.bottom)
    canvas.path([(x, start), (x, end)], colour, dashed=link.dashed)
    way = 1 if down else -1
    for spread in (-5, 0, 5):
        canvas.path([(x, start + 9 * way), (x + spread, start)], colour)
    canvas.path([(x - 5, end - 7 * way), (x + 5, end - 7 * way)], colour)


def _crow_foot(canvas: Canvas, at: tuple[float, float], way: int, colour: str) -> None:
    for spread in (-5, 0, 5):
        canvas.path([(at[0] + 10 * way, at[1]), (at[0], at[1] + spread)], colour)


def _bar(canvas: Canvas, at: tuple[float, float], way: int, colour: str) -> None:
    x = at[0] + 7 * way
    canvas.path([(x, at[1] - 5), (x, at[1] + 5)], colour)
