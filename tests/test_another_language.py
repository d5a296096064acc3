"""Another language is only a folder: the program offers it, writes in it and prints it, and no code knows its name."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import locales
from core import words
from tests.house import ROOT

NEW = "de"
ASKED = """
from core import words
from core.documents import letter
from tests.documents.sara import DEMAND
assert words.offered()[-1] == "de", words.offered()
assert words.choose(["de-AT"]) == "de"
print(words.language_name("de"), words.text("de", "btn.pay"), words.money(124822, "de"))
print(len(letter.sheets(DEMAND, "de")), letter.sheets(DEMAND, "de")[1].lang)
"""


def test_a_folder_is_a_language(tmp_path: Path) -> None:
    shutil.copytree(Path(locales.__file__).parent, tmp_path / "locales")
    shutil.copytree(tmp_path / "locales" / words.COMMON, tmp_path / "locales" / NEW)
    about = tmp_path / "locales" / NEW / "LC_MESSAGES" / "about.po"
    about.write_text(re.sub(r'(?m)^msgid "about\.place"\nmsgstr ".*"$', "", about.read_text()))
    chat = about.with_name("chat.po")
    chat.write_text(re.sub(r'(msgid "btn\.pay"\nmsgstr )".*"', r'\1"Zahlen"', chat.read_text()))
    path = {"PYTHONPATH": f"{tmp_path}:{ROOT}", "PYTHONUTF8": "1"}
    asked = subprocess.run([sys.executable, "-c", ASKED], cwd=tmp_path, env=path, capture_output=True, text=True)
    assert asked.returncode == 0, asked.stderr
    name, sheets = asked.stdout.splitlines()
    assert name.replace("\N{NO-BREAK SPACE}", " ") == "Deutsch Zahlen SEK 1,248.22"
    assert sheets == "2 de"


def test_no_code_names_a_language() -> None:
    """Only the original, and the one that everybody is offered beside it."""
    others = "|".join(lang for lang in words.languages() if lang not in (words.ORIGINAL, words.COMMON))
    named = re.compile(rf"""lang(?:uage)?\s*(?:==|!=|in|is)\s*[("']*(?:{others})["']""")
    code = [path for part in ("bot", "core", "scheduler") for path in (ROOT / part).rglob("*.py")]
    assert not [path.name for path in code if named.search(path.read_text())]
