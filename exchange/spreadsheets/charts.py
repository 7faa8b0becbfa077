"""Draws a native bar chart that shows its values even where nothing is calculated: previews, protected view, phones."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.chart import BarChart as NativeChart
from openpyxl.chart import Reference, Series
from openpyxl.chart.data_source import AxDataSource, NumData, NumVal, StrData, StrRef, StrVal
from openpyxl.chart.label import DataLabelList
from openpyxl.chart.layout import Layout, ManualLayout
from openpyxl.chart.shapes import GraphicalProperties
from openpyxl.chart.text import RichText, Text
from openpyxl.chart.title import Title
from openpyxl.drawing.line import LineProperties
from openpyxl.drawing.text import CharacterProperties, Font, Paragraph, ParagraphProperties, RegularTextRun
from openpyxl.worksheet.worksheet import Worksheet

from exchange.spreadsheets import styles
from exchange.spreadsheets.book import column_letters
from exchange.spreadsheets.sheet import BarChart, Sheet
from exchange.spreadsheets.text import safe_text

#: More bars than this cannot be read.
MOST_BARS = 60

_WIDEST_BESIDE = 95.0
_POINTS = 100


def can_be_drawn(sheet: Sheet) -> bool:
    """An empty table has nothing to draw, a long one cannot be drawn legibly."""
    return 1 <= sheet.count <= MOST_BARS


def draw_chart(worksheet: Worksheet, sheet: Sheet, chart: BarChart, first: int, below: int, widths: Sequence[float]) -> None:
    """Beside a narrow table, under a wide one. The rows of a sheet with a chart must be a list."""
    if not isinstance(sheet.rows, Sequence):
        raise ValueError("a chart needs its rows beforehand: give a list")
    if not can_be_drawn(sheet):
        return
    native = NativeChart()
    native.type = "bar" if chart.horizontal else "col"
    native.gapWidth = 45
    native.overlap = 0
    native.roundedCorners = False
    native.title = _title(chart.title)
    native.legend = native.legend if len(chart.values) > 1 else None
    if native.legend is not None:
        native.legend.position = "b"
        native.legend.txPr = _letters(9)
    category = sheet.column(chart.category)
    for index, key in enumerate(chart.values):
        native.series.append(_series(worksheet, sheet, category, sheet.column(key), index, first))
    _axes(native, horizontal=chart.horizontal)
    rows = len(sheet.known_rows) * len(chart.values)
    if chart.horizontal:
        native.width, native.height = 17.0, max(5.5, min(24.0, 2.6 + 0.68 * rows))
    else:
        native.width, native.height = max(12.0, min(26.0, 4 + 1.3 * rows)), 8.5
    beside = sum(widths) <= _WIDEST_BESIDE
    worksheet.add_chart(native, f"{column_letters(len(sheet.columns) + 2)}4" if beside else f"A{below}")
    if beside:
        worksheet.column_dimensions[column_letters(len(sheet.columns) + 1)].width = 3


def _series(worksheet: Worksheet, sheet: Sheet, category: int, column: int, index: int, first: int) -> Series:
    last = first + len(sheet.known_rows) - 1
    title = safe_text(sheet.columns[column - 1].title)
    series = Series(Reference(worksheet, min_col=column, min_row=first, max_row=last), title=title)
    reference = Reference(worksheet, min_col=category, min_row=first, max_row=last)
    labels = [StrVal(idx=place, v=safe_text(str(row[category - 1] or ""))) for place, row in enumerate(sheet.known_rows)]
    series.cat = AxDataSource(strRef=StrRef(f=str(reference), strCache=StrData(ptCount=len(labels), pt=labels)))
    figures = [
        # A figure that is not shown ('<5') is a gap, not a zero.
        NumVal(idx=place, v=row[column - 1])
        for place, row in enumerate(sheet.known_rows)
        if isinstance(row[column - 1], (int, float))
    ]
    series.val.numRef.numCache = NumData(
        formatCode=styles.number_format(sheet.columns[column - 1]), ptCount=len(sheet.known_rows), pt=figures
    )
    series.graphicalProperties = GraphicalProperties(solidFill=styles.CHART[index % len(styles.CHART)])
    series.graphicalProperties.line = LineProperties(noFill=True)
    series.invertIfNegative = False
    series.dLbls = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False, showPercent=False)
    series.dLbls.txPr = _letters(9)
    series.dLbls.position = "outEnd"
    return series


def _axes(native: NativeChart, *, horizontal: bool) -> None:
    native.x_axis.delete = False
    native.x_axis.txPr = _letters(9)
    native.x_axis.majorTickMark = "none"
    native.x_axis.graphicalProperties = GraphicalProperties(ln=LineProperties(solidFill=styles.LINE))
    if horizontal:
        # The first row of the table is the bar at the top.
        native.x_axis.scaling.orientation = "maxMin"
    # The bars carry their figures, so an axis of figures would say them again.
    native.y_axis.delete = True
    native.y_axis.majorGridlines = None
    native.y_axis.scaling.min = 0
    native.plot_area.layout = Layout(manualLayout=ManualLayout())


def _character(size: int, *, bold: bool = False, colour: str = styles.TEXT) -> CharacterProperties:
    return CharacterProperties(sz=size * _POINTS, b=bold, solidFill=colour, latin=Font(typeface=styles.FAMILY))


def _letters(size: int) -> RichText:
    properties = ParagraphProperties(defRPr=_character(size))
    return RichText(p=[Paragraph(pPr=properties, endParaRPr=CharacterProperties())])


def _title(words: str) -> Title:
    looks = _character(11, bold=True, colour=styles.HEADER)
    run = RegularTextRun(rPr=looks, t=safe_text(words))
    paragraph = Paragraph(pPr=ParagraphProperties(defRPr=looks), r=[run])
    return Title(tx=Text(rich=RichText(p=[paragraph])), overlay=False)
