"""Marks up a whole workbook: sheets, looks, notes, two sheets of help; every other member of the archive is copied."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import Any

from ..limits import Limits
from ..refusal import Refused
from . import help_sheet, notes, splices, styles
from .sheet_reading import Area, area
from .worksheet import ORDER, Plan, letters, mark

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_TYPES = "[Content_Types].xml"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_NOTES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.comments+xml"
_STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"
_DRAWING_TYPE = "application/vnd.openxmlformats-officedocument.vmlDrawing"
_CHAIN = "calcChain"
# A workbook that acts by itself is not handed on: its cells are, in a new one.
_ACTS = re.compile(
    r"vbaproject|xl/(?:activex|embeddings|macrosheets|querytables|connections\.xml)|customui|xl/model/|_xmlsignatures"
)
_ACTING_LINK = re.compile(rb"ddeLink|oleLink")
_MOST_NOTES = 6_000


@dataclass
class Relations:
    """The .rels of a part: kind and target by id, as read, with those that were added."""

    path: str
    folder: str
    part: splices.Part
    found: dict[str, tuple[str, str]]
    added: int = 0

    def of(self, kind: str) -> str:
        """The part of the first relation of a kind; "" if there is none."""
        return next((target for what, target in self.found.values() if what == kind), "")

    def add(self, kind: str, target: str) -> str:
        """One more; its id."""
        self.added += 1
        name = f"rIdRegistry{self.added}"
        while name in self.found:
            self.added += 1
            name = f"rIdRegistry{self.added}"
        self.found[name] = (kind, target)
        p = self.part.prefix
        text = f'<{p}Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="/{target}"/>'
        if self.part.root.is_empty:
            raise Refused("damaged", "relations")
        self.part.put(self.part.root.close, text)
        return name


@dataclass
class Workbook:
    """The archive with what was changed of it."""

    archive: zipfile.ZipFile
    limits: Limits
    changed: dict[str, bytes] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    types: list[str] = field(default_factory=list)
    with_drawings: bool = False
    unpacked: int = 0

    def __post_init__(self) -> None:
        self.names = {name.lower(): name for name in self.archive.namelist()}

    def has(self, part: str) -> bool:
        return part.lower() in self.names or part in self.changed

    def read(self, part: str) -> bytes:
        """A part as it is now. Raises Refused for one that is not there or too long."""
        if part in self.changed:
            return self.changed[part]
        name = self.names.get(part.lower())
        if name is None:
            raise Refused("damaged", f"no part {part}")
        with self.archive.open(name) as stream:
            data = stream.read(self.limits.part + 1)
        self.unpacked += len(data)
        if len(data) > self.limits.part or self.unpacked > self.limits.unpacked:
            raise Refused("bomb", part)
        return data

    def write(self, part: str, data: bytes) -> None:
        """A part anew, under the name that it has in the archive."""
        self.changed[self.names.get(part.lower(), part)] = data

    def free(self, pattern: str) -> str:
        """A name of a part that nobody has."""
        return next(name for number in range(1, 10_000) if not self.has(name := pattern.format(number)))

    def relations(self, part: str) -> Relations:
        """What a part relates to."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", name + ".rels")
        found: dict[str, tuple[str, str]] = {}

        def begins(element: splices.Element, depth: int) -> None:
            if depth == 1 and element.attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/" + folder, element.attributes.get("Target", ""))).lstrip("/")
                found[element.attributes.get("Id", "")] = (element.attributes.get("Type", "").rpartition("/")[2], target)
            elif depth == 1:
                found[element.attributes.get("Id", "")] = ("", "")

        raw = self.read(path) if self.has(path) else f'<Relationships xmlns="{_PACKAGE}"></Relationships>'.encode()
        return Relations(path, folder, splices.read(raw, self.limits, begins), found)

    def keep(self, relations: Relations) -> None:
        """Writes relations back, if any was added."""
        if relations.added:
            self.write(relations.path, relations.part.edited())

    def override(self, part: str, kind: str) -> None:
        self.types.append(f'Override PartName="/{part}" ContentType="{kind}"')

    def packed(self) -> bytes:
        """The new archive."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as new:
            for member in self.archive.infolist():
                if member.filename in self.gone or member.is_dir():
                    continue
                fresh = zipfile.ZipInfo(member.filename, (1980, 1, 1, 0, 0, 0))
                fresh.compress_type = member.compress_type
                new.writestr(fresh, self.changed.get(member.filename) or self.read(member.filename))
            for name in sorted(self.changed.keys() - set(self.names.values())):
                fresh = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
                fresh.compress_type = zipfile.ZIP_DEFLATED
                new.writestr(fresh, self.changed[name])
        return target.getvalue()


def mark_up(archive: zipfile.ZipFile, told: dict[str, Any], limits: Limits) -> bytes:
    """The workbook with the marks that were asked for. Raises Refused when it cannot be done without breaking it."""
    book = Workbook(archive, limits)
    _expect_quiet(book)
    root = book.relations("")
    main = root.of("officeDocument") or "xl/workbook.xml"
    relations = book.relations(main)
    workbook = _Main(book, main, relations)
    sheets = workbook.sheets
    raw_styles, styles_part = styles.EMPTY, relations.of("styles")
    if book.has(styles_part):
        raw_styles = book.read(styles_part)
    else:
        # some programs look for it under this name only
        styles_part = book.free("xl/registryStyles{}.xml") if book.has("xl/styles.xml") else "xl/styles.xml"
        relations.add("styles", styles_part)
        book.override(styles_part, _STYLES_TYPE)
    fresh, looks, tints = styles.add(raw_styles, limits)
    book.write(styles_part, fresh)
    loses = False
    for one in told["sheets"]:
        plan = Plan.told(one)
        part = sheets.get(plan.name.casefold())
        if part is None:
            raise Refused("damaged", f"no sheet {plan.name!r}")
        loses |= _sheet(book, workbook, plan, part, told["words"], looks, tints)
    for page in told["pages"]:
        workbook.page(page["key"], page["title"], help_sheet.page_xml(page, looks))
    if loses and (chain := relations.of(_CHAIN)):
        # Excel makes it anew; one that names a cell without a formula is an error to it.
        book.gone.add(book.names.get(chain.lower(), chain))
        workbook.drop(_CHAIN)
    workbook.keep()
    book.keep(relations)
    _types(book)
    return book.packed()


def _expect_quiet(book: Workbook) -> None:
    for name in book.names:
        if _ACTS.search(name):
            raise Refused("acts", name)
        if name.startswith("xl/externallinks/") and name.endswith(".xml") and _ACTING_LINK.search(book.read(name)):
            raise Refused("acts", name)
    if b"macroEnabled" in book.read(_TYPES):
        raise Refused("acts", "macros")


class _Main:
    """The part that lists the sheets, and names."""

    _TAIL = ("functionGroups", "externalReferences", "definedNames")

    def __init__(self, book: Workbook, path: str, relations: Relations) -> None:
        self._book, self._path, self._relations = book, path, relations
        self._listed: list[tuple[str, str]] = []
        self._names: list[tuple[splices.Element, str]] = []
        self._fresh: list[str] = []
        self._numbers = [0]
        heard: list[str] = []

        def begins(element: splices.Element, depth: int) -> None:
            heard.clear()
            if depth == 2 and element.name == "sheet":
                key = next((v for k, v in element.attributes.items() if "}" in k and k.split("}")[1] == "id"), "")
                target = relations.found.get(key, ("", ""))
                self._listed.append((element.attributes.get("name", ""), target[1] if target[0] == "worksheet" else ""))
                number = element.attributes.get("sheetId", "0")
                self._numbers.append(int(number) if number.isdecimal() and len(number) < 9 else 0)

        def ends(element: splices.Element, depth: int) -> None:
            if depth == 2 and element.name == "definedName":
                self._names.append((element, "".join(heard)))

        self._part = splices.read(book.read(path), book.limits, begins, ends, lambda piece: heard.append(piece[:1000]))
        if self._part.namespace.startswith("http://purl.oclc.org/"):
            raise Refused("damaged", "strict")  # other namespaces in every part: its cells are given in a usual workbook

    @property
    def sheets(self) -> dict[str, str]:
        """Name, in small letters -> part."""
        return {name.casefold(): part for name, part in self._listed if part}

    def page(self, key: str, title: str, xml: bytes) -> None:
        """A sheet of ours: in place of the one of an earlier return, which is known by a hidden name, or at the end."""
        name = f"registry_{key}"
        for element, text in self._names:
            if element.attributes.get("name") == name:
                part = self.sheets.get(text.rpartition("!")[0].strip("'").replace("''", "'").casefold())
                if part is not None:
                    self._book.write(part, xml)
                    return
                self._part.cut(element)
        taken = {known.casefold() for known, _part in self._listed}
        title = next(t for t in (title, *(f"{title[:26]} ({n})" for n in range(2, 200))) if t.casefold() not in taken)
        part = self._book.free("xl/worksheets/registry{}.xml")
        self._book.write(part, xml)
        self._book.override(part, _SHEET_TYPE)
        self._listed.append((title, part))
        self._numbers.append(max(self._numbers) + 1)
        key_of = self._relations.add("worksheet", part)
        p = self._part.prefix
        self._part.append(
            "sheets",
            f'<{p}sheet xmlns:r="{_OFFICE}" name="{splices.xml(title)}" sheetId="{self._numbers[-1]}" r:id="{key_of}"/>',
            ("sheets",),
        )  # fmt: skip
        self.name(name, f"'{title.replace(chr(39), chr(39) * 2)}'!$A$1")

    def name(self, name: str, text: str, sheet: str = "") -> None:
        """A hidden name, of the workbook or of one sheet; one that is there is changed."""
        p, local, place = self._part.prefix, "", ""
        if sheet:
            place = str(next(n for n, (known, _part) in enumerate(self._listed) if known.casefold() == sheet.casefold()))
            local = f' localSheetId="{place}"'
        for element, _text in self._names:
            if element.attributes.get("name") == name and element.attributes.get("localSheetId", "") == place:
                self._part.cut(element)
        self._fresh.append(f'<{p}definedName name="{name}"{local} hidden="1">{splices.xml(text)}</{p}definedName>')

    def drop(self, kind: str) -> None:
        """Takes a relation out."""
        part = self._relations.part
        for element in part.children:
            if element.attributes.get("Type", "").endswith("/" + kind):
                part.cut(element)
                self._relations.added = max(self._relations.added, 1)

    def keep(self) -> None:
        """Writes the part back."""
        part, p, content = self._part, self._part.prefix, "".join(self._fresh)
        names = part.child("definedNames")
        if names is not None and not names.is_empty:
            part.put(names.close, content)
        elif content:
            after = [one.end for one in part.children if one.name in ("sheets", "functionGroups", "externalReferences")]
            part.put(max(after), f"<{p}definedNames>{content}</{p}definedNames>")
            if names is not None:
                part.cut(names)
        self._book.write(self._path, part.edited())


def _sheet(
    book: Workbook, workbook: _Main, plan: Plan, part: str, words: list[str], looks: dict[str, int], tints: dict[str, int]
) -> bool:
    relations = book.relations(part)
    marked = mark(book.read(part), plan, _tables(book, relations), words, looks, tints, book.limits)
    xml = marked.xml
    bad = [(row, column, said) for row, column, _severity, said in plan.bad][:_MOST_NOTES]
    notes_part, drawing = relations.of("comments"), relations.of("vmlDrawing")
    if book.has(notes_part) or bad:
        kept: set[str] | None = None
        raw, drawn = notes.fresh()
        if book.has(notes_part):
            raw, kept = notes.without_ours(book.read(notes_part), book.limits)
        bad = [one for one in bad if f"{letters(one[1])}{one[0]}" not in (kept or ())]
        if book.has(drawing):
            drawn = book.read(drawing)
        raw, drawn = notes.add(raw, bad, book.limits), notes.draw(drawn, bad, kept, book.limits)
        if not book.has(notes_part):
            notes_part = book.free("xl/registryComments{}.xml")
            relations.add("comments", notes_part)
            book.override(notes_part, _NOTES_TYPE)
        if not book.has(drawing):
            drawing = book.free("xl/drawings/registryDrawing{}.vml")
            key = relations.add("vmlDrawing", drawing)
            book.with_drawings = True
            xml = _with_drawing(xml, key, book.limits)
        book.write(notes_part, raw)
        book.write(drawing, drawn)
    if marked.filtered:
        quoted = plan.name.replace("'", "''")
        workbook.name("_xlnm._FilterDatabase", f"'{quoted}'!{marked.filtered}", plan.name)
    book.write(part, xml)
    book.keep(relations)
    return marked.loses_formulas


def _with_drawing(xml: bytes, key: str, limits: Limits) -> bytes:
    part = splices.read(xml, limits, deepest=1)
    if part.child("legacyDrawing") is not None:
        raise Refused("damaged", "a drawing without its part")
    part.put(part.place("legacyDrawing", ORDER), f'<{part.prefix}legacyDrawing xmlns:r="{_OFFICE}" r:id="{key}"/>')
    return part.edited()


def _tables(book: Workbook, relations: Relations) -> list[Area]:
    found = []
    for kind, target in relations.found.values():
        if kind in ("table", "pivotTable") and book.has(target):
            part = splices.read(book.read(target), book.limits, deepest=1)
            reference = part.root.attributes.get("ref") or next(
                (one.attributes.get("ref", "") for one in part.children if one.name == "location"), ""
            )
            found.append(area(reference))
    return found


def _types(book: Workbook) -> None:
    """Says what the new parts are."""
    known: set[str] = set()

    def begins(element: splices.Element, depth: int) -> None:
        if depth == 1 and element.name == "Default":
            known.add(element.attributes.get("Extension", "").lower())

    part = splices.read(book.read(_TYPES), book.limits, begins)
    p = part.prefix
    text = "".join(f"<{p}{one}/>" for one in book.types)
    if book.with_drawings and "vml" not in known:
        text = f'<{p}Default Extension="vml" ContentType="{_DRAWING_TYPE}"/>{text}'
    for element in part.children:
        if element.attributes.get("PartName", "").lstrip("/") in book.gone:
            part.cut(element)
    if part.root.is_empty:
        tag = part.tag(part.root)[:-2].rstrip() + b">"
        part.replace(part.root.start, part.root.end, tag + text.encode() + f"</{p}Types>".encode())
    elif text:
        part.put(part.root.close, text)
    book.write(_TYPES, part.edited())
