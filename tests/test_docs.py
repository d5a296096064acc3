"""House rules for the pages: what they promise exists, and what they copy from the code is current."""

import ast
import importlib.util
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import cache

import pytest

from core import words
from tests import house

PAGES = ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "DECISIONS.md", "GLOSSARY.md", "CHANGELOG.md")

# Functions that look a text up, and what a key looks like.
ASKING = {"plural", "t", "text"}
KEY = r"[a-z0-9_]+(\.[a-z0-9_]+)+"
# The page that goes with a Swedish letter exists in the other languages only.
ELSEWHERE = ("cover.", "about.", "sms.about.")


def page(name: str) -> str:
    """A page's text; a page that is not written yet skips the test."""
    path = house.ROOT / name
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    if not text.strip():
        pytest.skip(f"{name} is not written yet")
    return text


def code_in(text: str) -> str:
    """What stands in code spans and code blocks, one per line."""
    blocks = re.findall(r"^```\w*\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))
    return "\n".join([*blocks, *spans])


@pytest.mark.parametrize("name", PAGES)
def test_each_make_command_on_a_page_exists(name: str) -> None:
    makefile = (house.ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    named = set(re.findall(r"^(?:\$ )?make ([a-z]+)", code_in(page(name)), re.MULTILINE))
    assert named <= targets


@cache
def command_line_help() -> str:
    if importlib.util.find_spec("bot.__main__") is None:
        pytest.skip("the command line is not written yet")
    answer = subprocess.run(
        [sys.executable, "-m", "bot", "--help"], capture_output=True, text=True, cwd=house.ROOT, timeout=60, check=True
    )
    return answer.stdout


@pytest.mark.parametrize("name", PAGES)
def test_each_schysst_command_on_a_page_exists(name: str) -> None:
    named = set(re.findall(r"^(?:\$ )?(?:\.venv/bin/)?schysst ([a-z][a-z-]+)", code_in(page(name)), re.MULTILINE))
    if named:
        offered = set(re.findall(r"[a-z][a-z-]+", command_line_help()))
        assert named <= offered


@pytest.mark.parametrize("name", PAGES)
def test_each_link_from_a_page_leads_to_a_file(name: str) -> None:
    links = re.findall(r"\]\((?!https?://|#|mailto:)([^)#\s]+)", page(name))
    assert not [link for link in links if not (house.ROOT / link).exists()]


def test_the_architecture_leads_to_every_package() -> None:
    text = page("ARCHITECTURE.md")
    packages = {path.parent.name for path in house.modules() if path.name == "__init__.py"} - {"sv", "en"}
    assert not sorted(package for package in packages if not re.search(rf"\b{package}\b", text))


def test_the_architectures_tables_are_those_of_the_code() -> None:
    """Between ``<!-- table: NAME -->`` and ``<!-- end -->`` stands what ``core.rules.se.tables()[NAME]`` says."""
    text = page("ARCHITECTURE.md")
    rules = pytest.importorskip("core.rules.se")
    if not hasattr(rules, "tables"):
        pytest.skip("the rules print no tables yet")
    tables: Mapping[str, str] = rules.tables()
    shown = dict(re.findall(r"<!-- table: ([\w ]+) -->\n(.*?)\n<!-- end -->", text, re.DOTALL))
    assert set(shown) == set(tables)
    for name, table in tables.items():
        assert shown[name].strip() == table.strip(), f"{name} has changed; the page should say:\n{table}"


# Words


def terms(section: str) -> list[str]:
    """The first column of the glossary's tables under a heading."""
    text = page("GLOSSARY.md")
    part = re.search(rf"^## {section}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    assert part, f"GLOSSARY.md has no section {section}"
    rows = re.findall(r"^\| ([^|]+?) \|", part[1], re.MULTILINE)
    return [term.strip() for row in rows for term in row.split(",") if term.strip(" -") and term != "English in code"]


@cache
def code_words() -> str:
    """All our code in small letters, with nothing between the words."""
    code = " ".join(path.read_text(encoding="utf-8") for path in house.modules()).lower()
    return re.sub(r"[\s_-]+", "", code)


def missing(wanted: Iterable[str]) -> Iterator[str]:
    return (term for term in wanted if re.sub(r"[\s_-]+", "", term.lower()) not in code_words())


def test_each_word_of_the_glossary_is_used_in_the_code() -> None:
    assert not list(missing(terms("Words in use")))


def test_no_word_stands_twice_in_the_glossary() -> None:
    both = terms("Words in use") + terms("Words kept for later")
    assert sorted(both) == sorted(set(both))


# Texts for people


def entries(lang: str) -> dict[str, tuple[str, frozenset[str]]]:
    """Each key of a language with the file it stands in and its placeholders."""
    found: dict[str, tuple[str, frozenset[str]]] = {}
    for name, catalogue in words.domains(lang).items():
        for message in catalogue:
            if message.id:
                key = message.id if isinstance(message.id, str) else message.id[0]
                strings = [message.string] if isinstance(message.string, str) else list(message.string)
                found[key] = (name, frozenset(re.findall(r"\{(\w+)\}", " ".join(strings))))
    return found


@pytest.mark.parametrize("lang", [lang for lang in words.languages() if lang != words.ORIGINAL])
def test_a_language_has_no_key_that_the_original_lacks(lang: str) -> None:
    original, other = entries(words.ORIGINAL), entries(lang)
    assert not sorted(key for key in set(other) - set(original) if not key.startswith(ELSEWHERE))
    assert not sorted(key for key in other if key in original and other[key][0] != original[key][0])


def test_keys_are_dotted_names() -> None:
    """A last part may be the outside's own word, such as Swish's status PAID."""
    assert not sorted(key for key in entries(words.ORIGINAL) if not re.fullmatch(r"[a-z0-9_]+(\.\w+)*", key))


def keys_asked_for() -> Iterator[tuple[str, str]]:
    """Each whole key that a template or a line of code asks the catalogue for, with its file."""
    for path in sorted((house.ROOT / "bot").rglob("*.html")):
        for key in re.findall(r"\bt\(\s*[\"']([\w.]+)[\"']\s*[,)]", path.read_text(encoding="utf-8")):
            yield house.name(path), key
    for path in house.modules():
        for node in ast.walk(house.tree(path)):
            if isinstance(node, ast.Call) and called(node) in ASKING:
                yield from (
                    (f"{house.name(path)}:{node.lineno}", argument.value)
                    for argument in node.args
                    if isinstance(argument, ast.Constant) and re.fullmatch(KEY, str(argument.value))
                )


def called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def test_each_key_that_is_asked_for_is_in_the_catalogue() -> None:
    known = {key for lang in words.languages() for key in entries(lang)}
    assert not [f"{file}: {key}" for file, key in keys_asked_for() if key not in known]
