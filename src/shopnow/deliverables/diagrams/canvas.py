"""A small SVG writer: same calls, same bytes; texts stay texts, every figure has a title.

No library draws boxes with ports and shared trunks as a data model needs them without a program
beside it; what is needed of SVG is five elements.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Sequence

FONT: Final = "'Inter', 'Segoe UI', 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"
MONO: Final = "'JetBrains Mono', 'Cascadia Mono', Consolas, 'DejaVu Sans Mono', monospace"
INK: Final = "#1f2933"
MUTED: Final = "#66727f"
PAPER: Final = "#ffffff"
_WIDE, _NARROW = "mwMWœŒ@%—…", "ijl.,:;|'!()[]ftrI "

Point = tuple[float, float]


def text_width(text: str, size: float, *, mono: bool = False, bold: bool = False) -> float:
    """Pixels that a text takes at most in the usual fonts: rather too many than too few."""
    if mono:
        return len(text) * size * 0.61
    units = sum(
        0.92 if c in _WIDE else 0.37 if c in _NARROW else 0.72 if c.isupper() else 0.59
        for c in text
    )
    return units * size * (1.07 if bold else 1.0)


@dataclass
class Canvas:
    """Collects elements; later ones lie above earlier ones."""

    _parts: list[str] = field(default_factory=list)

    def rectangle(
        self, at: Point, size: Point, fill: str, *, stroke: str = "none", radius: float = 0
    ) -> None:
        """A box from its upper left corner."""
        self._parts.append(
            f'<rect x="{_n(at[0])}" y="{_n(at[1])}" width="{_n(size[0])}" height="{_n(size[1])}"'
            f' rx="{_n(radius)}" fill="{fill}" stroke="{stroke}"/>'
        )

    def path(
        self,
        points: Sequence[Point],
        stroke: str,
        *,
        width: float = 1.5,
        dashed: bool = False,
        fill: str = "none",
        radius: float = 0,
    ) -> None:
        """A line through points; `radius` rounds its corners."""
        dashes = ' stroke-dasharray="5 4"' if dashed else ""
        self._parts.append(
            f'<path d="{_line(points, radius)}" fill="{fill}" stroke="{stroke}"'
            f' stroke-width="{_n(width)}" stroke-linejoin="round"{dashes}/>'
        )

    def header(self, at: Point, size: Point, fill: str, radius: float) -> None:
        """A box whose upper corners only are round."""
        (x, y), (w, h), r = at, size, radius
        self._parts.append(
            f'<path d="M{_n(x)},{_n(y + h)} V{_n(y + r)} Q{_n(x)},{_n(y)} {_n(x + r)},{_n(y)}'
            f' H{_n(x + w - r)} Q{_n(x + w)},{_n(y)} {_n(x + w)},{_n(y + r)} V{_n(y + h)} Z"'
            f' fill="{fill}"/>'
        )

    def text(
        self,
        at: Point,
        text: str,
        size: float,
        *,
        fill: str = INK,
        bold: bool = False,
        mono: bool = False,
        italic: bool = False,
        anchor: str = "start",
    ) -> None:
        """A line of text from its base line; `anchor`: start, middle or end."""
        more = (' font-weight="600"' if bold else "") + (' font-style="italic"' if italic else "")
        family = f" font-family={quoteattr(MONO)}" if mono else ""
        self._parts.append(
            f'<text x="{_n(at[0])}" y="{_n(at[1])}" font-size="{_n(size)}" fill="{fill}"'
            f' text-anchor="{anchor}"{family}{more}>{escape(text)}</text>'
        )

    def pill(self, at: Point, text: str, fill: str, *, ink: str = PAPER) -> float:
        """A small round label whose middle left is at `at`; returns its width."""
        width = max(18.0, text_width(text, 10, bold=True) + 10)
        self.rectangle((at[0], at[1] - 8), (width, 16), fill, radius=8)
        self.text((at[0] + width / 2, at[1] + 3.6), text, 10, fill=ink, bold=True, anchor="middle")
        return width

    def render(self, size: Point, title: str, description: str) -> str:
        """The whole picture, with a title and a description for who does not see it."""
        width, height = _n(size[0]), _n(size[1])
        body = "\n".join(self._parts)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}"'
            f' viewBox="0 0 {width} {height}" role="img" aria-labelledby="title desc"'
            f" font-family={quoteattr(FONT)}>\n"
            f'<title id="title">{escape(title)}</title>\n'
            f'<desc id="desc">{escape(description)}</desc>\n'
            f'<rect width="{width}" height="{height}" fill="{PAPER}"/>\n{body}\n</svg>\n'
        )


def _n(value: float) -> str:
    """A coordinate, to a tenth of a pixel.

    >>> _n(12.0), _n(3.14159)
    ('12', '3.1')
    """
    return f"{round(value, 1):g}"


def _line(points: Sequence[Point], radius: float) -> str:
    """Path data: straight lines, corners as quadratic curves.

    >>> _line([(0, 0), (10, 0), (10, 10)], 2)
    'M0,0 L8,0 Q10,0 10,2 L10,10'
    """
    parts = [f"M{_n(points[0][0])},{_n(points[0][1])}"]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        enter, leave = _towards(corner, before, radius), _towards(corner, after, radius)
        parts.append(f"L{_n(enter[0])},{_n(enter[1])}")
        parts.append(f"Q{_n(corner[0])},{_n(corner[1])} {_n(leave[0])},{_n(leave[1])}")
    parts.append(f"L{_n(points[-1][0])},{_n(points[-1][1])}")
    return " ".join(parts)


def _towards(corner: Point, other: Point, distance: float) -> Point:
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = max((dx * dx + dy * dy) ** 0.5, 0.001)
    step = min(distance, length / 2)
    return corner[0] + dx / length * step, corner[1] + dy / length * step
