"""Marks up one worksheet: two columns of words and one of keys, tints, a filter; cells of the person stay as they are."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ..limits import LAST_COLUMN, Limits
from ..refusal import Refused
from . import sheet_reading, splices
from .sheet_reading import OWN_RULE, Area, Found, Line

ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
    "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells",
    "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup",
    "headerFooter", "rowBreaks", "colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing",
    "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture", "oleObjects", "controls", "webPublishItems", "tableParts",
    "extLst",
)  # fmt: skip
_OWN = 3
_WIDTHS = ("20", "64", "16")
_LINE, _ACROSS = 13.5, 58
_RANGES_A_RULE = 200
_PRIORITY = re.compile(rb"(<(?:\w+:)?cfRule\b[^>]*?\spriority\s*=\s*[\"'])(\d{1,9})")


@dataclass
class Plan:
    """What is asked for one sheet. Rows and columns count from 1.

    at: the first free column. own: columns of an earlier return, to be emptied. headings: rows that get the headings.
    rows: row -> (look, verdict, what to mend, key). bad: (row, column, error or warning, remark). left: where the table begins.
    filter: the row of headings under which only rows in error are shown; 0 shows all.
    """

    name: str
    at: int
    left: int
    headings: list[int]
    rows: dict[int, tuple[str, str, str, str]]
    bad: list[tuple[int, int, str, str]]
    own: list[int] = field(default_factory=list)
    filter: int = 0

    @classmethod
    def told(cls, told: dict[str, Any]) -> Plan:
        """From JSON, where keys are texts and there are no tuples."""
        rows = {int(number): (*row,) for number, row in told["rows"].items()}
        return cls(**{**told, "rows": rows, "bad": [(*one,) for one in told["bad"]]})

    @property
    def wrong(self) -> set[int]:
        """The rows in error."""
        return {number for number, row in self.rows.items() if row[0] == "error"}


@dataclass
class Marked:
    """The new XML, and what the rest of the archive must know of it."""

    xml: bytes
    filtered: str
    loses_formulas: bool


def mark(
    raw: bytes, plan: Plan, tables: list[Area], words: list[str], looks: dict[str, int], tints: dict[str, int], limits: Limits
) -> Marked:
    """Edits the sheet. `tables`: the ranges of Excel tables on it. Raises Refused when it would break."""
    found = sheet_reading.look(raw, limits, min([plan.at, *plan.own]))
    part = found.part
    at = _free(plan, found, tables)
    earlier = found.filter if found.filter is not None and found.filter[3] in plan.own else None
    whole: Area | None = None
    if plan.filter and plan.wrong and not tables and (found.filter is None or earlier):
        whole = (plan.filter, plan.left, max(plan.rows), at + _OWN - 1)
    loses = _Rows(plan, found, at, whole, earlier, words, looks).write()
    _columns(found, at, plan.own)
    _filter(found, plan, whole, earlier, at)
    _tint(found, plan, tints)
    if (dimension := part.child("dimension")) is not None and found.lines:
        top, left, bottom, right = sheet_reading.area(dimension.attributes.get("ref", "A1"))
        ref = f"{letters(left)}{top}:{letters(max(right, at + _OWN - 1))}{bottom}"
        part.replace(dimension.start, dimension.inner, splices.with_attribute(part.tag(dimension), "ref", ref))
    return Marked(part.edited(), reference(whole, True) if whole else "", loses)


def letters(number: int) -> str:
    """1 is A, 28 is AB."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def reference(area: Area, fixed: bool = False) -> str:
    """(1, 1, 7, 3) is A1:C7, or $A$1:$C$7."""
    top, left, bottom, right = area
    sign = "$" if fixed else ""
    return f"{sign}{letters(left)}{sign}{top}:{sign}{letters(right)}{sign}{bottom}"


def _free(plan: Plan, found: Found, tables: list[Area]) -> int:
    """The first of our columns: right of everything, joined cells and Excel tables included, or where they stood before."""
    at = plan.at
    in_place = plan.own == list(range(at, at + _OWN))
    if not in_place:
        if any(left <= column <= right for _t, left, _b, right in tables for column in plan.own):
            raise Refused("damaged", "earlier columns inside a table")
        rows = {*plan.rows, *plan.headings}
        first, last = min(rows), max(rows)
        for top, _left, bottom, right in (*tables, *found.merged):
            if top <= last and bottom >= first:
                at = max(at, right + 1)
    if at + _OWN > LAST_COLUMN:
        raise Refused("damaged", "no free columns")
    return at


@dataclass
class _Rows:
    """Writes our cells into the rows, takes out those of an earlier return, hides what the filter hides."""

    plan: Plan
    found: Found
    at: int
    whole: Area | None
    earlier: Area | None
    words: list[str]
    looks: dict[str, int]

    def write(self) -> bool:
        """Whether a formula was taken out: then the workbook's chain of calculations does not hold any more."""
        ours = {*self.plan.own, *range(self.at, self.at + _OWN)}
        loses = False
        for line in self.found.lines:
            texts = self._texts(line.number)
            gone = [cell for cell in line.cells if cell.column in (ours if texts else self.plan.own)]
            for cell in gone:
                body = self.found.part.data[cell.element.start : cell.element.end]
                if b"<f" in body or b":f" in body:
                    if b"shared" in body or b"array" in body:
                        raise Refused("damaged", "a formula in an earlier column")
                    loses = True
                self.found.part.cut(cell.element)
            self._tag(line, texts)
            if texts:
                self._put(line, texts)
        return loses

    def _texts(self, number: int) -> list[tuple[str, str]]:
        """Look and text of our cells in a row."""
        if number in self.plan.headings:
            return [("heading", word) for word in self.words]
        row = self.plan.rows.get(number)
        return [(row[0], row[1]), ("text", row[2]), ("quiet", row[3])] if row else []

    def _put(self, line: Line, texts: list[tuple[str, str]]) -> None:
        part, p = self.found.part, self.found.part.prefix
        cells = "".join(
            cell_xml(p, f"{letters(self.at + place)}{line.number}", self.looks[look], text)
            for place, (look, text) in enumerate(texts)
        )
        if line.element.is_empty:
            part.put(line.element.end, f"{cells}</{p}row>")
            return
        later = [cell.element.start for cell in line.cells if cell.column >= self.at + _OWN]
        part.put(min(later, default=line.element.close), cells)

    def _tag(self, line: Line, texts: list[tuple[str, str]]) -> None:
        part, element, number = self.found.part, line.element, line.number
        is_hidden = element.attributes.get("hidden") in ("1", "true")
        hides = is_hidden
        if self.earlier and self.earlier[0] < number <= self.earlier[2]:
            hides = False
        if self.whole and self.whole[0] < number <= self.whole[2]:
            hides = number not in self.plan.wrong
        elif number in self.plan.wrong and (self.found.filter is None or self.earlier):
            hides = False
        tag = part.tag(element)
        fresh = tag if not texts else splices.with_attribute(tag, "spans", None)
        if hides != is_hidden:
            fresh = splices.with_attribute(fresh, "hidden", "1" if hides else None)
        needed = _height(texts[1][1]) if texts and number in self.plan.rows else 0.0
        is_fixed = element.attributes.get("customHeight") in ("1", "true")
        if not is_fixed and needed > _number(element.attributes.get("ht")):
            fresh = splices.with_attribute(fresh, "ht", f"{needed:g}")
        if texts and element.is_empty:
            fresh = fresh[:-2].rstrip() + b">"
        if fresh != tag:
            part.replace(element.start, element.inner, fresh)


def cell_xml(prefix: str, place: str, style: int, text: str) -> str:
    """A cell of text: whatever it begins with, nothing of it is calculated."""
    if not text:
        return f'<{prefix}c r="{place}" s="{style}"/>'
    body = f'<{prefix}is><{prefix}t xml:space="preserve">{splices.xml(text)}</{prefix}t></{prefix}is>'
    return f'<{prefix}c r="{place}" s="{style}" t="inlineStr">{body}</{prefix}c>'


def _height(text: str) -> float:
    lines = sum(1 + len(line) // _ACROSS for line in text.split("\n"))
    return min(409.0, lines * _LINE) if lines > 1 else 0.0


def _number(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0


def _columns(found: Found, at: int, own: list[int]) -> None:
    """Widths of our columns; a width that spans them is divided, those of an earlier return go."""
    part, p = found.part, found.part.prefix
    ours = list(range(at, at + _OWN))
    taken = sorted({*ours, *own})
    kept: list[tuple[int, str]] = []
    for told in found.columns:
        first, last = (int(told.get(name, "0")) if told.get(name, "0").isdecimal() else 0 for name in ("min", "max"))
        if not 0 < first <= last <= LAST_COLUMN:
            raise Refused("damaged", "columns")
        others = "".join(f' {name}="{splices.xml(value)}"' for name, value in told.items() if name not in ("min", "max"))
        for start, end in _without(first, last, taken):
            kept.append((start, f'<{p}col min="{start}" max="{end}"{others}/>'))
    for column, width in zip(ours, _WIDTHS, strict=True):
        hidden = ' hidden="1"' if column == ours[-1] else ""
        kept.append((column, f'<{p}col min="{column}" max="{column}" width="{width}" customWidth="1"{hidden}/>'))
    text = f"<{p}cols>{''.join(xml for _start, xml in sorted(kept))}</{p}cols>"
    if (element := part.child("cols")) is not None:
        part.replace(element.start, element.end, text)
    else:
        part.put(part.place("cols", ORDER), text)


def _without(first: int, last: int, taken: Iterable[int]) -> Iterator[tuple[int, int]]:
    for column in taken:
        if first <= column <= last:
            if first < column:
                yield first, column - 1
            first = column + 1
    if first <= last:
        yield first, last


def _filter(found: Found, plan: Plan, whole: Area | None, earlier: Area | None, at: int) -> None:
    part, p = found.part, found.part.prefix
    element = part.child("autoFilter")
    if element is not None and earlier:
        part.cut(element)
    if whole:
        verdicts = dict.fromkeys(plan.rows[number][1] for number in sorted(plan.wrong))
        values = "".join(f'<{p}filter val="{splices.xml(verdict)}"/>' for verdict in verdicts)
        text = (
            f'<{p}autoFilter ref="{reference(whole)}"><{p}filterColumn colId="{at - whole[1]}">'
            f"<{p}filters>{values}</{p}filters></{p}filterColumn></{p}autoFilter>"
        )
        part.put(element.end if element is not None else part.place("autoFilter", ORDER), text)
    if whole or earlier:
        properties = part.child("sheetPr")
        if properties is not None:
            tag = splices.with_attribute(part.tag(properties), "filterMode", "1" if whole else None)
            part.replace(properties.start, properties.inner, tag)
        elif whole:
            part.put(part.root.inner, f'<{p}sheetPr filterMode="1"/>')


def _tint(found: Found, plan: Plan, tints: dict[str, int]) -> None:
    """Our tints, before the person's own conditional formats, which move down by as many; those of an earlier return go."""
    part, p = found.part, found.part.prefix
    ours_only: dict[int, bool] = {}
    for parent, _rule, is_own in found.rules:
        ours_only[parent.start] = ours_only.get(parent.start, True) and is_own
    for parent in {parent.start: parent for parent, _rule, _is_own in found.rules}.values():
        if ours_only[parent.start]:
            part.cut(parent)
    for parent, rule, is_own in found.rules:
        if ours_only[parent.start]:
            continue
        if is_own:
            part.cut(rule)
        else:
            part.replace(rule.start, rule.inner, _PRIORITY.sub(_lower, part.tag(rule)))
    if (more := part.child("extLst")) is not None and b"cfRule" in (body := part.data[more.start : more.end]):
        part.replace(more.start, more.end, _PRIORITY.sub(_lower, body))
    text = ""
    for place, (name, number) in enumerate(tints.items(), start=1):
        ranges = list(_ranges((row, column) for row, column, severity, _said in plan.bad if severity == name))
        for start in range(0, len(ranges), _RANGES_A_RULE):
            text += (
                f'<{p}conditionalFormatting sqref="{" ".join(ranges[start : start + _RANGES_A_RULE])}">'
                f'<{p}cfRule type="expression" dxfId="{number}" priority="{place}"><{p}formula>{OWN_RULE}</{p}formula>'
                f"</{p}cfRule></{p}conditionalFormatting>"
            )
    if text:
        part.put(part.place("conditionalFormatting", ORDER), text)


def _lower(match: re.Match[bytes]) -> bytes:
    return match[1] + str(int(match[2]) + 2).encode()


def _ranges(cells: Iterable[tuple[int, int]]) -> Iterator[str]:
    """Cells as ranges: those that stand under each other become one."""
    run: list[int] = []
    column = 0
    for next_column, row in sorted({(column, row) for row, column in cells}):
        if run and next_column == column and row == run[-1] + 1:
            run.append(row)
            continue
        if run:
            yield _run(column, run)
        column, run = next_column, [row]
    if run:
        yield _run(column, run)


def _run(column: int, rows: list[int]) -> str:
    first = f"{letters(column)}{rows[0]}"
    return first if len(rows) == 1 else f"{first}:{letters(column)}{rows[-1]}"
