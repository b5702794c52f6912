"""Charts as SVG inside the page: no script, text that can be read aloud, colours of the page.

Small trends are drawn here (a line needs no grammar of graphics); charts with axes are made by
Altair and rendered by vl-convert, whose figures are written as in French.
"""

from __future__ import annotations

from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Final

import altair as alt
import vl_convert
from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Sequence

_WIDTH, _HEIGHT = 120.0, 28.0
_FEW: Final = 2
# Twenty kilobytes each.
_CHARTS_KEPT: Final = 512
_INK: Final = "var(--ink-soft)"
_LINE: Final = "var(--accent)"


def sparkline(values: Sequence[float | None], label: str) -> Markup:
    """A trend without axes; gaps stay gaps.  `label` says in words what the line shows."""
    known = [value for value in values if value is not None]
    if len(known) < _FEW:
        return Markup("")
    low, high = min(known), max(known)
    span = (high - low) or 1.0
    across = (_WIDTH - 4) / max(len(values) - 1, 1)
    path, pen = [], "M"
    for place, value in enumerate(values):
        if value is None:
            pen = "M"
            continue
        height = _HEIGHT - 3 - (value - low) / span * (_HEIGHT - 6)
        path.append(f"{pen}{2 + place * across:.1f} {height:.1f}")
        pen = "L"
    return Markup(  # noqa: S704 — numbers of ours and one escaped label
        f'<svg class="trend" viewBox="0 0 {_WIDTH:.0f} {_HEIGHT:.0f}" role="img" '
        f'aria-label="{escape(label)}"><path d="{" ".join(path)}"/></svg>'
    )


def bars(title: str, rows: Sequence[tuple[str, str, float]], *, across: str, up: str) -> Markup:
    """Stacked bars: (place, part, value) a row, places in the order of the rows.

    `across` and `up` name the axes.  Drawing takes a tenth of a second: equal data are drawn once.
    """
    if not rows:
        return Markup("")
    return Markup(_bars(title, tuple(rows), across, up))  # noqa: S704 — made by the renderer


def warm_up() -> None:
    """Start the renderer: the first chart of a process costs a second that nobody should wait."""
    bars("", [("", "", 1.0)], across="", up="")


@lru_cache(maxsize=_CHARTS_KEPT)
def _bars(title: str, rows: tuple[tuple[str, str, float], ...], across: str, up: str) -> str:
    data = alt.InlineData(values=[{"x": x, "part": part, "y": y} for x, part, y in rows])
    parts = sorted({part for _, part, _ in rows})
    chart = (
        alt.Chart(data, title=alt.Title(title, anchor="start"), width=900, height=200)
        .mark_bar()
        .encode(
            x=alt.X("x:O", title=across, sort=None, axis=alt.Axis(labelAngle=0, labelOverlap=True)),
            y=alt.Y("y:Q", title=up, axis=alt.Axis(format=",d")),
            color=alt.Color(
                "part:N",
                title=None,
                legend=alt.Legend() if len(parts) > 1 else None,
                scale=alt.Scale(
                    domain=parts,
                    range=[f"var(--part-{place % 4 + 1})" for place in range(len(parts))],
                ),
            ),
            order=alt.Order("part:N"),
        )
    )
    return _svg(chart)


def _svg(chart: alt.Chart) -> str:
    dressed = chart.configure(
        background="transparent",
        font="system-ui, sans-serif",
        axis=alt.AxisConfig(
            labelColor=_INK, titleColor=_INK, gridColor="var(--line)", domainColor="var(--line)",
            tickColor="var(--line)", labelFontSize=12, titleFontSize=12,
        ),
        title=alt.TitleConfig(color="var(--ink)", fontSize=14),
        legend=alt.LegendConfig(labelColor=_INK, labelFontSize=12, orient="top"),
        view=alt.ViewConfig(stroke=None),
    )  # fmt: skip
    svg: str = vl_convert.vegalite_to_svg(
        dressed.to_json(), format_locale="fr-FR", time_format_locale="fr-FR"
    )
    return svg
