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
#: Files that were saved or mailed may begin with blank lines, which XML does not have before its declaration: they are
#: read after it, so that lines keep their numbers.
_BLANK_FIRST = re.compile(rb"\A(\xef\xbb\xbf)?([ \t\r\n]+)(<\?xml[^<>]*\?>)")

Event = tuple[bool, "Node"]
#: Depth below the document, and name.
Places = frozenset[tuple[int, str]]
_NONE: dict[str, str] = {}
#: Most elements have no children: they share this, which nobody writes to.
_CHILDLESS: "list[Node]" = []


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
        self.children = _CHILDLESS
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


def elements(stream: BinaryIO, namespace: re.Pattern[str], parts: Places, opened: Places) -> Iterator[Event]:
    """``(True, node)`` where an element of ``opened`` begins, ``(False, node)`` where one of ``parts`` is whole.

    The document itself is opened with its namespace as text.
    """
    defused = DefusedXMLParser(forbid_dtd=True)
    expat: Any = defused.parser
    expat.buffer_text = True
    names = _Names(namespace, lambda: expat.CurrentLineNumber)
    ready: list[Event] = []
    _listen(expat, names, parts, opened, ready)
    size = 0
    while True:
        chunk = stream.read(_CHUNK)
        size += len(chunk)
        if size > BYTES_MAX:
            raise BankFileRefused("too_large", limit=str(BYTES_MAX // 1_000_000))
        if not size:
            raise BankFileRefused("empty")
        if size == len(chunk):
            chunk = _BLANK_FIRST.sub(rb"\1\3\2", chunk)
        _parse(expat, chunk)
        if chunk and size - max(expat.CurrentByteIndex, 0) > TOKEN_MAX:
            raise BankFileRefused("unreasonable", expat.CurrentLineNumber)
        yield from ready
        ready.clear()
        if not chunk:
            break
    if not names.uri:
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


class _Names:
    """The names of the document's namespace, which its first element tells; ``depth`` is where it stands."""

    def __init__(self, namespace: re.Pattern[str], line: Callable[[], int]) -> None:
        self.namespace = namespace
        self.line = line
        self.known: dict[str, str] = {}
        self.uri = ""
        self.depth = 0

    def read(self, name: str, stack: list[Node]) -> str:
        """A name that is not known yet, in the document's namespace: another's stays whole and so is nobody's."""
        uri, _, local = name.rpartition("}")
        if local == "Document" and (uri == self.uri if self.uri else self.namespace.fullmatch(uri)):
            # Some banks put an envelope around it, and several documents into that; never one into another. So the
            # name is asked for each time.
            if any(node.tag == local for node in stack):
                raise BankFileRefused("malformed", self.line())
            self.uri, self.depth = uri, len(stack)
            return local
        if len(self.known) > ALIVE_MAX:
            raise BankFileRefused("unreasonable", self.line())
        tag = local if uri and uri == self.uri else name
        if self.uri:
            self.known[name] = tag
        return tag


def _listen(expat: Any, names: _Names, parts: Places, opened: Places, ready: list[Event]) -> None:
    """Put together what the parser tells. Called millions of times for a long file: hence few steps and no methods."""
    known = names.known
    stack: list[Node] = []
    said: list[str] = []
    alive = length = 0

    def start(name: str, attributes: Any) -> None:
        nonlocal alive, length
        tag = known.get(name) or names.read(name, stack)
        depth = len(stack) - names.depth
        if alive > ALIVE_MAX or depth > DEPTH_MAX or len(attributes) > 2 * ATTRIBUTES_MAX:
            raise BankFileRefused("unreasonable", expat.CurrentLineNumber)
        node = Node(tag, expat.CurrentLineNumber, depth, alive)
        if attributes:
            # expat gives them as a flat list: name, value, name, value.
            node.attributes = dict(zip(attributes[::2], attributes[1::2], strict=True))
        alive += 1
        stack.append(node)
        if length:
            said.clear()
            length = 0
        if (depth, tag) in opened or tag == "Document":
            node.text = names.uri if tag == "Document" else ""
            ready.append((True, node))

    def text(letters: str) -> None:
        nonlocal length
        length += len(letters)
        if length > TEXT_MAX:
            raise BankFileRefused("unreasonable", expat.CurrentLineNumber)
        said.append(letters)

    def end(_: str) -> None:
        nonlocal alive, length
        node = stack.pop()
        if length:
            if node.children is _CHILDLESS and node.tag != "Document":
                node.text = "".join(said).strip()
            said.clear()
            length = 0
        if (node.depth, node.tag) in parts:
            alive = node.before
            ready.append((False, node))
        elif stack and names.uri:
            parent = stack[-1]
            if parent.children is _CHILDLESS:
                parent.children = [node]
            else:
                parent.children.append(node)
        else:
            alive = node.before

    expat.StartElementHandler = start
    expat.CharacterDataHandler = text
    expat.EndElementHandler = end
