"""The sheet with the chart: lines of a table by size, the largest first."""

from __future__ import annotations

from collections.abc import Collection

from flask_babel import gettext as _

from exchange.spreadsheets.sheet import BarChart
from reports import findings
from reports.table import ALL, Line, Measure, Table


def by_size(
    table: Table, keys: Collection[str], *, title: str, name: str, heading: str, label: str, value: str
) -> tuple[Table, ...]:  # fmt: skip
    """Lines with these keys as a table of their own, without zeros and hidden figures; nothing when fewer than two are left.

    label and value: the headings of the two columns. The total stands below when the lines shown add up to it.
    """
    sizes = {line.key: size for line in table.lines if line.key in keys and isinstance(size := line.values[ALL], int) and size}
    if len(sizes) < 2:
        return ()
    shown = sorted((line for line in table.lines if line.key in sizes), key=lambda line: -sizes[line.key])
    measure = Measure(ALL, value, query={} if table.base is not None else None)
    lines = tuple(Line(line.key, line.labels[:1], {ALL: sizes[line.key]}, query=line.query) for line in shown)
    whole = sum(sizes.values())
    is_whole = table.total is not None and table.total.values[ALL] == whole
    key = table.labels[0][0]
    chart = BarChart(
        findings.about_largest([(line.labels[0], sizes[line.key]) for line in lines], heading), key, (ALL,),
        _("Полосы: %(what)s, от %(most)s до %(least)s", what=heading, most=max(sizes.values()), least=min(sizes.values())),
    )  # fmt: skip
    return (
        Table(
            title=title, name=name, heading=heading, subtitle=table.subtitle, labels=((key, label),), measures=(measure,),
            lines=lines, total=Line(ALL, (_("Итого"),), {ALL: whole}, "total") if is_whole else None, base=table.base,
            chart=chart, is_repeated=True,
        ),
    )  # fmt: skip
