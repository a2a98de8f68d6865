"""The fairness report as one HTML page of SVG bars, each with its table; no script, nothing fetched."""

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from html import escape
from itertools import accumulate
from typing import NamedTuple
from unicodedata import east_asian_width

from matching.fairness.disclosure import Figure
from matching.fairness.figures import Bin, Column, FairnessReport, Group, Load, LoadColumn
from matching.fairness.style import CSS

_LINE = 43  # columns of text that fit above a bar on a screen of 390 px; the table has the whole label
_ROW, _BAR, _AXIS = 46, 10, 20  # px
_STEPS = [factor * 10**power for power in range(7) for factor in (1, 2, 5)]  # days; a date spans 3.7 million
_NONE = "–"
_HIDDEN = '<span class="hidden">hidden</span>'
_UNKNOWN = '<span class="hidden">not known</span>'
_TOO_SMALL = "<p>All groups are too small to be shown.</p>"
_MARK = (
    '<svg class="mark" viewBox="0 0 56 36" aria-hidden="true"><circle class="a" cx="18" cy="18" r="16"/>'
    '<circle class="b" cx="38" cy="18" r="16"/>'
    '<path class="ab" d="M28 5.5a16 16 0 0 1 0 25a16 16 0 0 1 0-25"/></svg>'
)


class _Row(NamedTuple):
    """One group: what stands above its bars, and the bars (class, from, to) in shares of the width."""

    label: str
    note: str
    bars: tuple[tuple[str, float, float], ...]


class _Scale(NamedTuple):
    """An axis of days from 0 to `end`, with a line at each `step`."""

    step: int
    end: int


def page(report: FairnessReport, *, title: str = "Who found a mentor") -> str:
    """Draw the report as one self-contained HTML page, light and dark, for phone, desk and paper."""
    parts = [
        _header(report, title),
        _tiles(report),
        *(_column(column, number, report) for number, column in enumerate(report.columns)),
        _load(report.load, report.mentor_columns),
        _notes(report),
    ]
    return (
        '<!doctype html>\n<html lang="en" dir="ltr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="color-scheme" content="light dark"><title>{escape(title)}</title>'
        f"<style>{CSS}</style></head>\n<body><main>\n" + "\n".join(parts) + "\n</main></body></html>\n"
    )


def _header(report: FairnessReport, title: str) -> str:
    who = f"{_many(report.overall.newcomers, 'newcomer')}, {_many(report.load.mentors, 'mentor')}"
    day = (
        f" · as of {report.as_of.day}\u00a0{report.as_of:%B}\u00a0{report.as_of.year}" if report.as_of else ""
    )
    return f"<header>{_MARK}<div><h1>{escape(title)}</h1><p>{who}{day}</p></div></header>"


def _tiles(report: FairnessReport) -> str:
    group = report.overall
    found = f"{_count(group.matched)} of {_many(group.newcomers, 'newcomer')} found a mentor"
    days = f"median; nine in ten waited {_days(group.waiting_p90)} at most"
    nobody = f"{_percent(group.nobody_share)}, unmatched without any feasible mentor"
    tiles = (
        ("matched", _percent(group.matched_share), found),
        ("days waited", _days(group.waiting_median), days)
        if report.waiting_known
        else ("days waited", _UNKNOWN, "no column says since when people wait"),
        ("mean fit", _decimal(group.mean_fit), "of the pairs, in the criteria’s own points"),
        ("nobody suits", _count(group.nobody), nobody)
        if report.feasible_known
        else ("nobody suits", _UNKNOWN, "feasible mentors were not counted"),
    )
    body = "".join(
        f"<div><dt>{name}</dt><dd><strong>{value}</strong> {text}</dd></div>" for name, value, text in tiles
    )
    return f'<dl class="tiles">{body}</dl>'


def _column(column: Column, number: int, report: FairnessReport) -> str:
    if column.withheld:
        body = _TOO_SMALL
    else:
        waits = _waits(column, f"w{number}") if report.waiting_known else ""
        body = f'{_finding(column)}<div class="charts">{_shares(column, f"s{number}", report)}{waits}</div>'
    return f"<section><h2>By <bdi>{escape(column.name)}</bdi></h2>{body}</section>"


def _finding(column: Column) -> str:
    several = " One person may be in several groups." if column.several else ""
    if column.widest is None:
        return f'<p class="finding">Too few groups are large enough to compare.{several}</p>'
    shares = {group.name: _percent(group.matched_share) for group in column.groups}
    most, least = (f"<bdi>{escape(name)}</bdi>" for name in (column.widest.most, column.widest.least))
    points = _many(Figure(round(100 * column.widest.difference)), "point")
    return (
        f'<p class="finding">Furthest apart: {most} with {shares[column.widest.most]} matched and {least} '
        f"with {shares[column.widest.least]}, <strong>{points}</strong>.{several}</p>"
    )


def _shares(column: Column, key: str, report: FairnessReport) -> str:
    caption = f"Matched share by {column.name}"
    overall = report.overall.matched_share
    legend = "" if overall.value is None else f"{_key('line')} all newcomers: {_percent(overall)}"
    rows = [_share_row(g.name, g.matched, g.newcomers, g.matched_share) for g in column.groups]
    heads = ("People", "Matched", "Share", "Mean fit", "Nobody suits")
    cells = [
        (g.name, _count(g.newcomers), _count(g.matched), _percent(g.matched_share), _decimal(g.mean_fit))
        + ((_percent(g.nobody_share),) if report.feasible_known else ())
        for g in column.groups
    ]
    return _figure(
        caption, legend, _chart(caption, key, rows, line=overall.value), _table(caption, heads, cells)
    )


def _share_row(name: str, part: Figure, whole: Figure, share: Figure) -> _Row | None:
    if share.value is None:
        return None
    note = f"{_count(part)} of {_count(whole)} · {_percent(share)}"
    return _Row(name, note, (("main", 0, share.value),))


def _waits(column: Column, key: str) -> str:
    caption = f"Days waited by {column.name}"
    longest = max((days.value or 0 for group in column.groups for days in _waiting(group)), default=0)
    scale = _scale(longest)
    rows = [_wait_row(group, scale) for group in column.groups]
    legend = f"{_key('all')} all {_key('waiting')} still unmatched; from the median (dot) to nine in ten"
    heads = ("All: half", "All: 9 in 10", "Waiting: half", "Waiting: 9 in 10")
    cells = [(group.name, *map(_days, _waiting(group))) for group in column.groups]
    return _figure(caption, legend, _chart(caption, key, rows, scale=scale), _table(caption, heads, cells))


def _waiting(group: Group) -> tuple[Figure, Figure, Figure, Figure]:
    return (
        group.waiting_median,
        group.waiting_p90,
        group.unmatched_waiting_median,
        group.unmatched_waiting_p90,
    )


def _wait_row(group: Group, scale: _Scale) -> _Row | None:
    if group.waiting_median.value is None:
        return None
    median, p90, *_ = _waiting(group)
    days = [figure.value for figure in _waiting(group)]
    bars = tuple(
        (name, start / scale.end, end / scale.end)
        for name, start, end in (("all", days[0], days[1]), ("waiting", days[2], days[3]))
        if start is not None and end is not None
    )
    return _Row(group.name, f"{_days(median)} to {_days(p90)} days", bars)


def _scale(longest: float) -> _Scale:
    """Round steps of days, at most five of them."""
    step = next(step for step in _STEPS if 5 * step >= longest)
    return _Scale(step, step * max(math.ceil(longest / step), 1))


def _load(load: Load, columns: Sequence[LoadColumn]) -> str:
    charts = [_histogram(load), *(_load_column(column, f"m{i}") for i, column in enumerate(columns))]
    return (
        f'<section><h2>How the mentors’ work is shared</h2><p class="finding">{_evenness(load.gini)}</p>'
        f'<div class="charts">{"".join(charts)}</div></section>'
    )


def _evenness(gini: Figure) -> str:
    if gini.hidden:
        return "The Gini coefficient of the load is hidden: it would tell small numbers."
    if gini.value is None:
        return "No mentor has a newcomer, so there is nothing to compare."
    return (
        f"Gini coefficient <strong>{_decimal(gini)}</strong> of newcomers per place offered: "
        "at 0 all mentors carry alike, towards 1 a few carry everything."
    )


def _histogram(load: Load) -> str:
    if not load.bins:
        return "<p>How many newcomers the mentors have is hidden: it would tell small numbers.</p>"
    caption = "Mentors by number of newcomers"
    most = max(1, *(bin.mentors.value or 0 for bin in load.bins))
    rows = [
        None
        if bin.mentors.value is None
        else _Row(_newcomers(bin), _many(bin.mentors, "mentor"), (("main", 0, bin.mentors.value / most),))
        for bin in load.bins
    ]
    cells = [(_newcomers(bin), _count(bin.mentors)) for bin in load.bins]
    return _figure(caption, "", _chart(caption, "load", rows), _table(caption, ("Mentors",), cells))


def _newcomers(bin: Bin) -> str:
    return f"{bin.newcomers} or more newcomers" if bin.or_more else _many(Figure(bin.newcomers), "newcomer")


def _load_column(column: LoadColumn, key: str) -> str:
    caption = f"Mentors with a newcomer by {column.name}"
    if column.withheld:
        return _figure(caption, "", _TOO_SMALL, "")
    rows = [_share_row(g.name, g.busy, g.mentors, g.busy_share) for g in column.groups]
    heads = ("Mentors", "With a newcomer", "Share", "Gini")
    cells = [
        (g.name, _count(g.mentors), _count(g.busy), _percent(g.busy_share), _decimal(g.gini))
        for g in column.groups
    ]
    return _figure(caption, "", _chart(caption, key, rows), _table(caption, heads, cells))


def _figure(caption: str, legend: str, chart: str, table: str) -> str:
    said = f'<p class="legend">{legend}</p>' if legend else ""
    return f"<figure><figcaption>{escape(caption)}</figcaption>{said}{chart}{table}</figure>"


def _chart(
    caption: str,
    key: str,
    rows: Sequence[_Row | None],
    line: float | None = None,
    scale: _Scale | None = None,
) -> str:
    """Draw the rows that can be; x is always a share of the width, so text keeps its size on any screen."""
    drawn = [row for row in rows if row is not None]
    left = len(rows) - len(drawn)
    more = f'<p class="legend">{left} not drawn: hidden or not known.</p>' if left else ""
    if not drawn:
        return more
    height = _ROW * len(drawn) + (_AXIS if scale else 0)
    axis = _axis(scale, height) if scale else ""
    words = "; ".join(f"{row.label}: {row.note}" for row in drawn)
    body = "".join(_row(row, _ROW * i, _range if scale else _bar, line) for i, row in enumerate(drawn))
    return (
        f'<svg class="chart" width="100%" height="{height}" role="img" aria-labelledby="{key}t {key}d">'
        f'<title id="{key}t">{escape(caption)}</title><desc id="{key}d">{escape(words)}</desc>'
        f"{axis}{body}</svg>{more}"
    )


def _row(row: _Row, top: int, draw: Callable[[str, int, float, float], str], line: float | None) -> str:
    label = _shorten(row.label, _LINE - len(row.note))
    bars = "".join(draw(name, top + 23 + 9 * i, *ends) for i, (name, *ends) in enumerate(row.bars))
    return (
        f'<text x="0" y="{top + 15}">{escape(label)}</text>'
        f'<text class="note" x="100%" y="{top + 15}">{escape(row.note)}</text>{bars}'
        + ("" if line is None else _mark(_pc(line), top + 19, top + 37))
    )


def _shorten(label: str, most: int) -> str:
    """Cut a label to so many columns; the signs of East Asia take two."""
    ends = list(accumulate(2 if east_asian_width(sign) in "WF" else 1 for sign in label))
    return label if ends[-1] <= most else label[: bisect_right(ends, most - 1)].rstrip() + "…"


def _bar(name: str, y: int, start: float, end: float) -> str:
    return "".join(
        f'<rect class="{kind}" x="{_pc(start)}" y="{y}" width="{_pc(width)}" height="{_BAR}" rx="5"/>'
        for kind, width in (("track", 1), (name, end - start))
    )


def _range(name: str, y: int, start: float, end: float) -> str:
    return (
        f'<rect class="{name}" x="{_pc(start)}" y="{y + 2}" width="{_pc(end - start)}" height="4" rx="2"/>'
        f'<circle class="{name}" cx="{_pc(start)}" cy="{y + 4}" r="4"/>'
    )


def _mark(x: str, top: int, bottom: int) -> str:
    """The line of all newcomers, with a rim that sets it off from the bar."""
    return "".join(
        f'<line class="{name}" x1="{x}" x2="{x}" y1="{top}" y2="{bottom}"/>' for name in ("rim", "line")
    )


def _axis(scale: _Scale, height: int) -> str:
    places = {0: "tick first", scale.end: "tick last"}
    return "".join(
        f'<line class="grid" x1="{x}" x2="{x}" y1="0" y2="{height - 16}"/>'
        f'<text class="{places.get(day, "tick")}" x="{x}" y="{height - 3}">{day}</text>'
        for day in range(0, scale.end + 1, scale.step)
        for x in (_pc(day / scale.end),)
    )


def _key(name: str) -> str:
    width, shape = (5, _mark("2.5", 0, 14)) if name == "line" else (28, _range(name, 3, 0, 1))
    return f'<svg class="key" width="{width}" height="14" aria-hidden="true">{shape}</svg>'


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Rows are a name as text and numbers as HTML; heads beyond a row's numbers are left out."""
    lines, most = [], 0
    for name, *cells in rows:
        most = max(most, len(cells))
        numbers = "".join(f"<td>{cell}</td>" for cell in cells)
        lines.append(f'<tr><th scope="row"><bdi>{escape(name)}</bdi></th>{numbers}</tr>')
    head = "".join(f'<th scope="col">{name}</th>' for name in heads[:most])
    return (
        f'<div class="scroll" role="region" aria-label="{escape(caption)}" tabindex="0"><table>'
        f'<caption class="unseen">{escape(caption)}</caption>'
        f'<thead><tr><th scope="col">Group</th>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _pc(share: float) -> str:
    return f"{round(100 * share, 2):g}%"


def _count(figure: Figure) -> str:
    return _show(figure, lambda value: f"{value:,.0f}".replace(",", "\u202f"))


def _many(figure: Figure, noun: str) -> str:
    return f"{_count(figure)} {noun}{'' if figure.value == 1 else 's'}"


def _percent(figure: Figure) -> str:
    return _show(figure, lambda value: f"{100 * value:.0f}\u202f%")


def _days(figure: Figure) -> str:
    return _show(figure, lambda value: f"{value:.0f}")


def _decimal(figure: Figure) -> str:
    return _show(figure, lambda value: f"{value:.2f}")


def _show(figure: Figure, form: Callable[[float], str]) -> str:
    if figure.hidden:
        return _HIDDEN
    return _NONE if figure.value is None else form(figure.value)


def _notes(report: FairnessReport) -> str:
    hidden = f"<dt>hidden</dt><dd>Under {report.hide_under}, or a number that would tell one of these.</dd>"
    return (
        '<section class="notes"><h2>How to read this</h2><dl>'
        "<dt>half, 9 in 10</dt><dd>So many of a group have waited this number of days or fewer.</dd>"
        "<dt>nobody suits</dt><dd>Unmatched, and no mentor passes what must hold; share of the group.</dd>"
        f"<dt>{_NONE}</dt><dd>Nobody to count, or known of nobody.</dd>"
        f"{hidden if report.hide_under else ''}</dl></section>"
    )
