"""The project's files as the house rules see them: what we wrote, without what tools leave behind."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("bot", "core", "scheduler")

# A migration is history, written by a tool and never edited: no rule of style can mend it afterwards.
HISTORY = ROOT / "core" / "store" / "migrations"

_LEFT_BEHIND = {"__pycache__", "uv.lock", "var"}
_BINARY = {".gif", ".ico", ".jpg", ".otf", ".pdf", ".png", ".sqlite3", ".ttf", ".woff", ".woff2"}


@cache
def modules(*packages: str) -> tuple[Path, ...]:
    """Our Python files of the packages (all three if none is named), without the history."""
    found = (path for package in packages or PACKAGES for path in (ROOT / package).rglob("*.py"))
    return tuple(sorted(path for path in found if HISTORY not in path.parents))


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def name(path: Path) -> str:
    """The path as people write it: ``core/money.py``."""
    return path.relative_to(ROOT).as_posix()


def texts() -> Iterator[tuple[str, str]]:
    """Every text file of the repository with its name."""
    for path in sorted(ROOT.rglob("*")):
        parts = path.relative_to(ROOT).parts
        hidden = any(part.startswith(".") and part != ".ci" for part in parts[:-1])
        if hidden or _LEFT_BEHIND.intersection(parts) or path.suffix in _BINARY or not path.is_file():
            continue
        yield name(path), path.read_text(encoding="utf-8", errors="replace")


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, wherever in the file, with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            yield from ((node.lineno, f"{node.module}.{alias.name}") for alias in node.names)
