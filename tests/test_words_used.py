"""House rule for words: nobody translates, reads and keeps true a text that nothing asks for."""

import ast
import re
from collections.abc import Iterator

from core import words
from tests import house
from tests.golden.parser import golden

#: Families of keys that are put together in ways that no reading of the code shows, and who does so.
FAMILIES: dict[str, str] = {"about.betrays": "the tests: what a stranger must not be told"}

REFUSALS = {"Refusal", "NotFound", "NotAllowed"}
#: Refusals that are answered in other words by the one place that can be refused so.
ANSWERED = {
    "bankid_often": "bot/http/bankid.py: wait a little",
    "bankid_page": "bot/http/bankid.py: the page is another browser's",
    "member_none": "bot/http/bankid.py: how the login ended",
    "member_other": "bot/http/bankid.py: how the login ended",
    "too_far": "bot/dialogs/owe.py: a day that is too far ahead",
}

_TEMPLATES = house.ROOT / "bot" / "http"
#: A key, or the beginning of one that a template goes on with (``"page.pay." ~ stage``).
_IN_TEMPLATE = re.compile(r"[\"']([a-z_]+(?:\.\w+)*\.?)[\"']")


def test_every_text_is_asked_for() -> None:
    named, formed = set(golden()) | _transcript_keys(), list(FAMILIES)
    for key, made in _asked():
        formed.append(key) if made else named.add(key)
    shapes = re.compile("|".join(formed))
    unused = [key for key in _keys() if key not in named and not shapes.fullmatch(key)]
    assert not unused, "\n" + "\n".join(unused)


def test_every_refusal_can_be_said() -> None:
    codes = set()
    for path in house.modules():
        for node in ast.walk(house.tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in REFUSALS:
                codes |= {code.value for code in node.args[:1] if isinstance(code, ast.Constant)}
    wordless = codes - ANSWERED.keys() - {key.removeprefix("refusal.") for key in _keys()}
    assert not wordless


def test_the_rule_sees_a_text_that_nobody_asks_for() -> None:
    shapes = [shape for shape, made in _asked() if made]
    assert not any(re.fullmatch(shape, "nobody.asks.for_this") for shape in shapes)


def _keys() -> Iterator[str]:
    for catalogue in words.domains(words.ORIGINAL).values():
        for message in catalogue:
            if message.id:
                yield message.id if isinstance(message.id, str) else message.id[0]


def _asked() -> Iterator[tuple[str, bool]]:
    """Every string of the code and of the pages; True where it is the shape of a key that is put together."""
    for path in house.modules():
        yield from _strings(house.tree(path))
    for page in _TEMPLATES.rglob("*.html"):
        for key in _IN_TEMPLATE.findall(page.read_text(encoding="utf-8")):
            yield (re.escape(key) + ".+", True) if key.endswith(".") else (key, False)


def _strings(tree: ast.Module) -> Iterator[tuple[str, bool]]:
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            shape = "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else ".+" for p in node.values)
            if re.match(r"[a-z_]+\\\.|\.\+\\\.[a-z_]+$", shape):
                yield shape, True
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value, False


def _transcript_keys() -> set[str]:
    """The transcripts fix words ahead of the screens that will show them."""
    found = house.ROOT / "tests" / "golden" / "test_transcripts.py"
    return {key for key, made in _strings(house.tree(found)) if not made}
