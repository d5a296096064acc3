"""Write the pages anew."""

from core import words
from tests.notices import table

table.FOLDER.mkdir(parents=True, exist_ok=True)
for lang in words.languages():
    table.path_of(lang).write_text(table.page(lang), encoding="utf-8")
