"""House rules for the code. Each is small, and names the file and the line to mend."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests import house

LINES_IN_A_FILE = 400
LINES_IN_A_FUNCTION = 60

# The one place that reads the machine's clock; everybody else is handed a `core.ports.Clock`.
CLOCK = "bot/clock.py"
WALL_CLOCK = {
    "date.today",
    "datetime.now",
    "datetime.today",
    "datetime.utcnow",
    "time.localtime",
    "time.monotonic",
    "time.perf_counter",
    "time.time",
    "time.time_ns",
}

# core/*.py and core/rules decide; they neither wait, nor draw lots, nor touch the machine.
PURE_LIBRARIES = {"babel", "holidays", "personnummer", "phonenumbers", "rapidfuzz", "stdnum"}
IMPURE = {"asyncio", "logging", "os", "random", "secrets", "socket", "sqlite3", "subprocess", "threading", "time"}
OUTER_CORE = {"services", "store", "providers", "files", "documents"}


def pure_modules() -> list[Path]:
    core = house.ROOT / "core"
    return [path for path in house.modules("core") if path.parent == core or core / "rules" in path.parents]


def none_of(found: Iterator[str]) -> None:
    rows = list(found)
    assert not rows, "\n" + "\n".join(rows)


def test_a_file_is_one_noun_and_fits_in_400_lines() -> None:
    lengths = ((house.name(path), len(path.read_text(encoding="utf-8").splitlines())) for path in house.modules())
    none_of(f"{name}: {lines} lines" for name, lines in lengths if lines > LINES_IN_A_FILE)


def test_a_function_fits_in_60_lines() -> None:
    def long_ones() -> Iterator[str]:
        for path in house.modules():
            for node in ast.walk(house.tree(path)):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    lines = (node.end_lineno or node.lineno) - node.lineno + 1
                    if lines > LINES_IN_A_FUNCTION:
                        yield f"{house.name(path)}:{node.lineno}: {node.name} has {lines} lines"

    none_of(long_ones())


def test_every_module_says_what_it_is() -> None:
    none_of(
        f"{house.name(path)}: no docstring"
        for path in house.modules()
        if path.read_text(encoding="utf-8").strip() and not ast.get_docstring(house.tree(path))
    )


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    none_of(house.name(path) for path in house.modules() if path.stem in {"common", "helpers", "misc", "utils"})


def test_only_the_clock_reads_the_clock() -> None:
    def readings() -> Iterator[str]:
        for path in house.modules():
            if house.name(path) == CLOCK:
                continue
            for node in ast.walk(house.tree(path)):
                if isinstance(node, ast.Attribute) and _dotted(node) in WALL_CLOCK:
                    yield f"{house.name(path)}:{node.lineno}: {_dotted(node)}"
            for line, module in house.imports(path):
                if module in WALL_CLOCK:
                    yield f"{house.name(path)}:{line}: from time import …"

    none_of(readings())


def _dotted(node: ast.Attribute) -> str:
    """The last two names of ``datetime.datetime.now``."""
    owner = node.value
    before = owner.attr if isinstance(owner, ast.Attribute) else owner.id if isinstance(owner, ast.Name) else ""
    return f"{before}.{node.attr}"


def test_the_core_is_pure() -> None:
    def strangers() -> Iterator[str]:
        for path in pure_modules():
            for line, module in house.imports(path):
                first, _, rest = module.partition(".")
                outer = first == "core" and rest.partition(".")[0] in OUTER_CORE
                stranger = first not in sys.stdlib_module_names | PURE_LIBRARIES | {"core"}
                if outer or stranger or first in IMPURE:
                    yield f"{house.name(path)}:{line}: {module}"

    none_of(strangers())


def test_the_core_never_waits() -> None:
    none_of(
        f"{house.name(path)}:{node.lineno}"
        for path in pure_modules()
        for node in ast.walk(house.tree(path))
        if isinstance(node, ast.Await | ast.AsyncFor | ast.AsyncWith)
    )


def test_nothing_is_left_for_later() -> None:
    marks = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
    none_of(
        f"{name}:{number}: {line.strip()}"
        for name, text in house.texts()
        if name.endswith((".py", ".js", ".html", ".css", ".po", ".typ", ".sql"))
        for number, line in enumerate(text.splitlines(), 1)
        if marks.search(line)
    )


def test_no_file_names_a_package_host_or_somebodys_machine() -> None:
    private = re.compile(r"pypi\.org|pythonhosted\.|npmjs\.|(?<![\w.])/(?:work|root)/")
    none_of(
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in house.texts()
        for number, line in enumerate(text.splitlines(), 1)
        if private.search(line)
    )


# Locks


def locked(file: str) -> dict[str, str]:
    """Name and version of each row of a lock file."""
    rows = re.findall(r"^([\w.-]+)==([^\s;]+)", (house.ROOT / file).read_text(encoding="utf-8"), re.MULTILINE)
    return {canonicalize_name(name): version for name, version in rows}


@pytest.mark.parametrize(
    ("file", "groups"),
    [("requirements.lock", ("build",)), ("requirements-dev.lock", ("build", "dev", "pgtest"))],
)
def test_the_lock_fits_the_project(file: str, groups: tuple[str, ...]) -> None:
    project = tomllib.loads((house.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = list(project["project"]["dependencies"])
    for group in groups:
        wanted += project["dependency-groups"][group]
    versions = locked(file)
    none_of(
        f"{file}: {requirement} (run `make lock`)"
        for requirement in map(Requirement, wanted)
        if not requirement.specifier.contains(versions.get(canonicalize_name(requirement.name), "0"), prereleases=True)
    )


def test_both_locks_hold_the_same_versions_and_no_address() -> None:
    runtime, development = locked("requirements.lock"), locked("requirements-dev.lock")
    assert runtime.items() <= development.items()
    for file in ("requirements.lock", "requirements-dev.lock"):
        text = (house.ROOT / file).read_text(encoding="utf-8")
        assert "://" not in text
        assert text.count("==") <= text.count("--hash=sha256:")
