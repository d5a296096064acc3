"""The demo's letter box: every letter that went to print, to be opened as the person would."""

from pathlib import Path

from aiohttp import web

from bot.http import pages
from core import words
from core.store.database import dialect, rows

SHOWN_MAX = 100


class LetterBox:
    """``/demo/letters`` and each letter in it. In demos only: here anybody may read anybody's post."""

    def __init__(self, front: pages.Front, print_folder: Path) -> None:
        self._front = front
        self._folder = print_folder

    def routes(self) -> list[web.RouteDef]:
        return [web.get("/demo/letters", self.page), web.get(r"/demo/letters/{id:\d+}", self.letter)]

    async def page(self, request: web.Request) -> web.Response:
        lang = pages.language_of(request)
        found = await rows(
            "SELECT d.id, d.kind, n.issued_on, p.name FROM documents d JOIN notices n ON n.id = d.notice_id "
            "JOIN cases c ON c.id = d.case_id JOIN debtors p ON p.id = c.debtor_id "
            "WHERE d.path IS NOT NULL ORDER BY d.id DESC LIMIT ?",
            SHOWN_MAX,
        )
        letters = [
            {
                "id": row["id"],
                "name": row["name"],
                "what": _what(row["kind"], row["issued_on"], lang),
            }
            for row in found
        ]
        return pages.page(self._front, "demo_letters.html", lang, letters=letters)

    async def letter(self, request: web.Request) -> web.StreamResponse:
        found = await rows(
            "SELECT path FROM documents WHERE id = ? AND path IS NOT NULL", int(request.match_info["id"])
        )
        path = (self._folder / found[0]["path"]).resolve() if found else None
        if path is None or not path.is_relative_to(self._folder.resolve()) or not path.is_file():
            raise web.HTTPNotFound
        return web.FileResponse(path, headers={"Content-Type": "application/pdf", "Cache-Control": "no-store"})


def _what(kind: str, value: object, lang: str) -> str:
    """A letter as its reader finds it in the chat, by name and day."""
    day, key = dialect().read_day(value), f"file.{kind}"
    known = key if words.has(lang, key) else "file.letter"
    return words.text(lang, known, day=words.day_year(day, lang) if day else "").strip()
