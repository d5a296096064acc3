"""XML as a stream, and safely: nothing is fetched, nothing is expanded, and no part may be unreasonably large.

The parts that a reader asks for come one by one as small trees and are forgotten afterwards, so that a file of any
length takes the same memory. Names are those of the document's namespace, whatever its prefix; elements of another
namespace keep their full name and so are nobody's.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO
from xml.parsers.expat import ExpatError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from core.bank import BankFileRefused

#: Longer files are refused: 100,000 payments with all their words take some 100 MB.
BYTES_MAX = 200_000_000
#: ISO 20022 nests about twenty deep, and its longest text has 500 characters.
DEPTH_MAX = 40
TEXT_MAX = 20_000
ATTRIBUTES_MAX = 40
#: One tag with its attributes, one comment: what the parser must hold before it can tell us of it.
TOKEN_MAX = 1_000_000
#: Elements of one part at the same time.
ALIVE_MAX = 50_000
_CHUNK = 1 << 16

Event = tuple[bool, "Node"]
_NONE: dict[str, str] = {}


class Node:
    """An element: its name, the line where it begins, and what stands in it. Never printed with its text."""

    __slots__ = ("attributes", "before", "children", "depth", "line", "tag", "text")

    def __init__(self, tag: str, line: int, depth: int = 0, before: int = 0) -> None:
        self.tag = tag
        self.line = line
        self.depth = depth
        #: How many elements were alive when this one began.
        self.before = before
        self.attributes = _NONE
        self.children: list[Node] = []
        self.text = ""

    def first(self, path: str) -> "Node | None":
        """The first element on a path of names below this one."""
        name, _, rest = path.partition("/")
        for child in self.children:
            if child.tag == name and (found := child.first(rest) if rest else child) is not None:
                return found
        return None

    def each(self, path: str) -> Iterator["Node"]:
        """All elements on a path of names below this one, in the order of the file."""
        name, _, rest = path.partition("/")
        for child in self.children:
            if child.tag == name:
                if rest:
                    yield from child.each(rest)
                else:
                    yield child

    def said(self, *paths: str) -> str:
        """The text of the first of these paths that has one; empty where none has."""
        for path in paths:
            node = self.first(path)
            if node is not None and node.text:
                return node.text
        return ""


def elements(
    stream: BinaryIO, namespace: re.Pattern[str], parts: frozenset[tuple[int, str]], opened: frozenset[tuple[int, str]]
) -> Iterator[Event]:
    """``(True, node)`` where an element of ``opened`` begins, ``(False, node)`` where one of ``parts`` is whole.

    Both are depth below ``Document`` and name. The document itself is opened with its namespace as text.
    """
    builder = _Builder(namespace, parts, opened)
    defused = DefusedXMLParser(forbid_dtd=True)
    expat: Any = defused.parser
    expat.buffer_text = True
    expat.StartElementHandler = builder.starts(lambda: expat.CurrentLineNumber)
    expat.EndElementHandler = builder.ends
    expat.CharacterDataHandler = builder.text
    size = 0
    while True:
        chunk = stream.read(_CHUNK)
        size += len(chunk)
        if size > BYTES_MAX:
            raise BankFileRefused("too_large", limit=str(BYTES_MAX // 1_000_000))
        if not size:
            raise BankFileRefused("empty")
        _parse(expat, chunk)
        if chunk and size - max(expat.CurrentByteIndex, 0) > TOKEN_MAX:
            raise BankFileRefused("unreasonable", expat.CurrentLineNumber)
        yield from builder.ready
        builder.ready.clear()
        if not chunk:
            break
    if not builder.documents:
        raise BankFileRefused("unknown")


def _parse(expat: Any, chunk: bytes) -> None:
    try:
        expat.Parse(chunk, not chunk)
    except ExpatError as error:
        raise BankFileRefused("malformed", error.lineno) from None
    except DefusedXmlException:
        raise BankFileRefused("unsafe", expat.CurrentLineNumber) from None
    except (LookupError, ValueError):
        # What Python says of an encoding that it or expat does not know.
        raise BankFileRefused("encoding", 1) from None


class _Builder:
    """What the parser tells, put together to parts."""

    def __init__(
        self, namespace: re.Pattern[str], parts: frozenset[tuple[int, str]], opened: frozenset[tuple[int, str]]
    ) -> None:
        self.namespace = namespace
        self.parts = parts
        self.opened = opened
        self.ready: list[Event] = []
        self.documents = 0
        self._uri = ""
        self._base = 0
        self._names: dict[str, str] = {}
        self._stack: list[Node] = []
        self._said: list[str] = []
        self._length = 0
        self._alive = 0
        self._line: Callable[[], int] = lambda: 0

    def starts(self, line: Callable[[], int]) -> Callable[[str, dict[str, str]], None]:
        self._line = line
        return self._start

    def _start(self, name: str, attributes: Any) -> None:
        stack, line = self._stack, self._line()
        if len(stack) > DEPTH_MAX or self._alive > ALIVE_MAX or len(attributes) > 2 * ATTRIBUTES_MAX:
            raise BankFileRefused("unreasonable", line)
        tag = self._names.get(name) or self._named(name)
        depth = len(stack) - self._base
        node = Node(tag, line, depth, self._alive)
        if attributes:
            # expat gives them as a flat list: name, value, name, value.
            node.attributes = dict(zip(attributes[::2], attributes[1::2], strict=True))
        self._alive += 1
        stack.append(node)
        if self._length:
            self._said.clear()
            self._length = 0
        if (depth, tag) in self.opened or tag == "Document":
            if tag == "Document":
                node.text = self._uri
            self.ready.append((True, node))

    def _named(self, name: str) -> str:
        """The name in the document's namespace. The document is the first element of that name in one we read."""
        uri, _, local = name.rpartition("}")
        if local == "Document" and (uri == self._uri if self._uri else self.namespace.fullmatch(uri)):
            # Some banks put an envelope around it, and several documents into that; never one into another.
            if any(node.tag == local for node in self._stack):
                raise BankFileRefused("malformed", self._line())
            self.documents += 1
            self._uri = uri
            self._base = len(self._stack)
            return local
        if len(self._names) > ALIVE_MAX:
            raise BankFileRefused("unreasonable", self._line())
        tag = local if uri and uri == self._uri else name
        if self._uri:
            self._names[name] = tag
        return tag

    def text(self, said: str) -> None:
        self._length += len(said)
        if self._length > TEXT_MAX:
            raise BankFileRefused("unreasonable", self._line())
        self._said.append(said)

    def ends(self, _: str) -> None:
        node = self._stack.pop()
        if self._length:
            if not node.children and node.tag != "Document":
                node.text = "".join(self._said).strip()
            self._said.clear()
            self._length = 0
        if (node.depth, node.tag) in self.parts:
            self._alive = node.before
            self.ready.append((False, node))
        elif self._stack and self.documents:
            self._stack[-1].children.append(node)
        else:
            self._alive = node.before
