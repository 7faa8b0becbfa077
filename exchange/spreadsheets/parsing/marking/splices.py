"""One XML part as bytes with places in it: where elements begin and end, and what is put in or taken out there."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as made_of
from xml.parsers import expat
from xml.sax.saxutils import escape

from ..limits import Limits
from ..refusal import Refused

_CHUNK = 1 << 16
_LONGEST_TOKEN = 1 << 20
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_DECLARATION = re.compile(r"\s*<\?xml[^>]*\?>")
_ENCODING = re.compile(rb"\s*<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]+)[\"']")
_TAG = re.compile(rb"<[^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_LONGEST_TEXT = 32_000


@dataclass
class Element:
    """start, inner: its start tag; close, end: its end tag (of an empty element all three are the end of the start tag)."""

    name: str
    attributes: dict[str, str]
    start: int
    inner: int
    close: int = 0
    end: int = 0

    @property
    def is_empty(self) -> bool:
        return self.close == self.inner == self.end


_DEEP = Element("", {}, 0, 0)

# Called with the element at its start and at its end; depth 0 is the root.
Seen = Callable[[Element, int], None]
Text = Callable[[str], None]


@dataclass
class Part:
    """A part of the archive: its bytes, its root, and the edits that wait."""

    data: bytes
    root: Element
    namespace: str
    prefix: str
    children: list[Element]
    _edits: list[tuple[int, int, bytes]] = made_of(default_factory=list)

    def child(self, name: str) -> Element | None:
        """The first child of the root with this name."""
        return next((one for one in self.children if one.name == name), None)

    def put(self, at: int, text: str | bytes) -> None:
        """Puts something in before the byte `at`."""
        self.replace(at, at, text)

    def replace(self, start: int, end: int, text: str | bytes = b"") -> None:
        """Something else in place of a stretch of bytes."""
        self._edits.append((start, end, text.encode("utf-8", "replace") if isinstance(text, str) else text))

    def cut(self, element: Element) -> None:
        """Takes an element out."""
        self.replace(element.start, element.end)

    def tag(self, element: Element) -> bytes:
        """The start tag as it stands."""
        return self.data[element.start : element.inner]

    def append(self, name: str, content: str, order: tuple[str, ...], attributes: str = "") -> None:
        """Adds to the end of the child `name`, which is made at its place among the others if it is not there."""
        p = self.prefix
        element = self.child(name)
        if element is None:
            self.put(self.place(name, order), f"<{p}{name}{attributes}>{content}</{p}{name}>")
        elif element.is_empty:
            tag = self.tag(element)[:-2].rstrip()
            self.replace(element.start, element.end, tag + b">" + content.encode() + f"</{p}{name}>".encode())
        else:
            self.put(element.close, content)

    def place(self, name: str, order: tuple[str, ...]) -> int:
        """Where a new child of the root belongs: before the first of those that come after it."""
        if self.root.is_empty:
            raise Refused("damaged", "an empty root")
        later = set(order[order.index(name) + 1 :])
        return next((one.start for one in self.children if one.name in later), self.root.close)

    def edited(self) -> bytes:
        """The bytes with all edits, which must not overlap."""
        pieces: list[bytes] = []
        at = 0
        for start, end, text in sorted(self._edits, key=lambda edit: (edit[0], edit[1])):
            if start < at:
                raise Refused("damaged", "edits overlap")
            pieces += (self.data[at:start], text)
            at = end
        pieces.append(self.data[at:])
        return b"".join(pieces)


def read(
    raw: bytes, limits: Limits, begins: Seen | None = None, ends: Seen | None = None, text: Text | None = None, deepest: int = 3
) -> Part:
    """The part with the places of its root and the root's children; others, down to a depth, are told to the handlers.

    Raises Refused.
    """
    data = _in_utf8(raw)
    parser = expat.ParserCreate(namespace_separator="}")
    parser.namespace_prefixes = True
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = parser.ExternalEntityRefHandler = _no_declarations
    stack: list[Element] = []
    roots: list[tuple[Element, str, str]] = []
    children: list[Element] = []
    tags = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal tags
        tags += 1
        if tags > limits.tags:
            raise Refused("too_many_cells")
        if len(stack) > deepest:
            stack.append(_DEEP)
            return
        names = tag.split("}")
        at = parser.CurrentByteIndex
        found = _TAG.match(data, at)
        if found is None:
            raise Refused("damaged", "a tag")
        element = Element(names[1] if len(names) > 1 else tag, attributes, at, found.end())
        if not stack:
            roots.append((element, names[0] if len(names) > 1 else "", names[2] + ":" if len(names) > 2 else ""))
        elif len(stack) == 1:
            children.append(element)
        if begins is not None:
            begins(element, len(stack))
        stack.append(element)

    def end(_tag: str) -> None:
        element = stack.pop()
        if element is _DEEP:
            return
        if data[element.inner - 2 : element.inner] == b"/>":
            element.close = element.end = element.inner
        else:
            element.close = parser.CurrentByteIndex
            element.end = data.index(b">", element.close) + 1
        if ends is not None:
            ends(element, len(stack))

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for at in range(0, len(data) + 1, _CHUNK):
            chunk = data[at : at + _CHUNK]
            parser.Parse(chunk, at + _CHUNK > len(data))
            if at + _CHUNK <= len(data) and at + len(chunk) - max(parser.CurrentByteIndex, 0) > _LONGEST_TOKEN:
                raise Refused("bomb", "endless token")
    except expat.ExpatError as error:
        raise Refused("damaged", str(error)) from None
    if not roots:
        raise Refused("damaged", "no root")
    root, namespace, prefix = roots[0]
    return Part(data, root, namespace, prefix, children)


def _in_utf8(raw: bytes) -> bytes:
    """The places of bytes are told in the encoding of the part: all but UTF-8 is made so, or refused."""
    if raw[:2] in _UTF16:
        text = raw.decode("utf-16", "replace")
        return _DECLARATION.sub("", text, count=1).encode("utf-8", "replace")
    data = raw.removeprefix(b"\xef\xbb\xbf")
    declared = _ENCODING.match(data[:200])
    if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii", b"ascii"):
        raise Refused("damaged", "encoding")
    return data


def _no_declarations(*_: object) -> int:
    raise Refused("declarations")


def with_attribute(tag: bytes, name: str, value: str | None) -> bytes:
    """A start tag with an attribute set anew; None takes it away."""
    tag = re.sub(rb"\s" + name.encode() + rb"\s*=\s*(?:\"[^\"]*\"|'[^']*')", b"", tag, count=1)
    if value is None:
        return tag
    tail = b"/>" if tag.endswith(b"/>") else b">"
    return tag[: -len(tail)].rstrip() + f' {name}="{xml(value)}"'.encode() + tail


def xml(value: str) -> str:
    """Text as it stands in XML: letters that it cannot carry are replaced, signs of XML and Excel's own escapes disarmed."""
    value = _ILLEGAL.sub("\ufffd", value).replace("\r\n", "\n").replace("\r", "\n")[:_LONGEST_TEXT]
    return escape(_LOOKS_ESCAPED.sub("_x005F_", value), {'"': "&quot;"})
