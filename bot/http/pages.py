"""HTML pages: one template environment that escapes everything, the words of the reader's language, and the assets.

No inline script or style anywhere, since the content policy (`security.py`) would refuse it.
"""

import gzip
import hashlib
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import segno
from aiohttp import web
from babel.core import UnknownLocaleError
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from yarl import URL

from core import words
from core.ports import Clock

HERE = Path(__file__).parent
STATIC = HERE / "static"
LANGUAGE_COOKIE = "language"

#: The address that was asked for, so that a page in another language stays the same page.
_ASKED: ContextVar[URL] = ContextVar("asked")
#: Modules of white around a QR code, without which cameras do not find it (ISO/IEC 18004).
_QUIET_ZONE = 4


@dataclass(frozen=True, slots=True)
class Agency:
    """What the pages say of ourselves. `host` is the only address that our links go to."""

    name: str
    payee_name: str
    number: str
    bankgiro: str
    swish: str
    host: str
    licence: str = ""
    phone: str = ""

    @property
    def bankgiro_shown(self) -> str:
        """The bankgiro number within a text: its hyphen breaks no line. What is copied keeps the plain one."""
        return self.bankgiro.replace("-", "\N{NON-BREAKING HYPHEN}")

    @property
    def swish_shown(self) -> str:
        """A Swish number in the groups that people read aloud: ``123 118 11 89``."""
        digits = self.swish
        if len(digits) != 10:
            return digits
        return "\N{NO-BREAK SPACE}".join((digits[:3], digits[3:6], digits[6:8], digits[8:]))


@dataclass(frozen=True, slots=True)
class Front:
    """What every page needs: who we are, what day it is, and whether all this is a demo (then each page says so)."""

    agency: Agency
    clock: Clock
    demo: bool = False


def page(front: Front, name: str, lang: str, *, status: int = 200, **values: Any) -> web.Response:
    """A template of `templates/`, filled in, in the reader's language. Pages about a person are never cached."""
    html = environment().get_template(name).render(lang=lang, front=front, **_in_language(lang), **values)
    return web.Response(text=html, status=status, content_type="text/html", headers={"Cache-Control": "no-store"})


@cache
def environment() -> Environment:
    """The one template environment. An unknown name in a template is an error, not an empty place."""
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals |= {"asset": asset, "qr": qr_svg, "icon": icon}
    made.filters["kronor_bare"] = kronor_bare
    return made


def _in_language(lang: str) -> dict[str, Any]:
    """What a template may say and format, bound to its language."""

    def bind(function: Any) -> Any:
        return partial(function, lang=lang)

    return {
        "t": partial(words.text, lang),
        "dir": words.direction(lang),
        "languages": words.offered(),
        "language_name": words.language_name,
        "in_language": in_language,
        "unread": words.unread(lang),
        "money": bind(words.money),
        "sum_parts": bind(sum_parts),
        "day_year": bind(words.day_year),
        "weekday_day": bind(words.weekday_day),
        "moment": bind(words.moment),
    }


def language_of(request: web.Request, default: str = words.ORIGINAL) -> str:
    """The page's language: asked for in the address, chosen before (cookie), or the browser's first that we have."""
    if chosen := language_chosen(request):
        return chosen
    wanted = request.headers.get("Accept-Language", "")[:200]
    try:
        return words.choose([part.split(";")[0].strip() for part in wanted.split(",") if part.strip()], default)
    except (ValueError, UnknownLocaleError):
        return default


def language_chosen(request: web.Request) -> str | None:
    """The language that somebody has chosen for our pages, in the address or before."""
    for chosen in (request.query.get("lang"), request.cookies.get(LANGUAGE_COOKIE)):
        if chosen in words.languages():
            return chosen
    return None


def hear(request: web.Request) -> None:
    """Keep the address that a page is asked for at, while it is answered."""
    _ASKED.set(request.rel_url)


def in_language(lang: str) -> str:
    """The same page with all its parameters, in another language."""
    return f"?{_ASKED.get(URL()).update_query(lang=lang).raw_query_string}"


def remember_language(request: web.Request, answer: web.StreamResponse) -> None:
    """A language that was asked for in the address is kept for the next page."""
    chosen = request.query.get("lang")
    if chosen in words.languages() and answer.content_type == "text/html":
        answer.set_cookie(LANGUAGE_COOKIE, chosen, max_age=31_536_000, httponly=True, samesite="Lax")


#: Spaces, and the signs that keep a number whole from right to left: on a page the element does.
_AROUND = " \N{NO-BREAK SPACE}\N{FIRST STRONG ISOLATE}\N{POP DIRECTIONAL ISOLATE}"


def sum_parts(amount_ore: int, lang: str) -> tuple[str, str, str, str]:
    """An amount in pieces, so that a large sum may show öre and unit smaller: ``("", "1 248", ",22", "kr")``."""
    written = words.amount(amount_ore, lang)
    before, after = words.money(amount_ore, lang).split(written)
    return before.strip(_AROUND), written[:-3], written[-3:], after.strip(_AROUND)


def kronor_bare(amount_ore: int) -> str:
    """An amount as a bank's field takes it: ``1248,22``."""
    return f"{amount_ore // 100},{amount_ore % 100:02d}"


#: What points onward or back, and so the other way where one reads from right to left.
_POINTS = frozenset({"next", "prev"})


def icon(name: str, small: bool = False) -> Markup:
    """A drawing from `icons.html` beside a word; never read aloud."""
    kind = ("i i-s" if small else "i") + (" turn" if name in _POINTS else "")
    return Markup('<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>').format(kind, name)


def qr_svg(text: str, label: str) -> Markup:
    """A QR code as a picture with a name in words. Dark on white in every theme, four modules of white around it."""
    code = segno.make(text, error="m", micro=False)
    side = code.symbol_size(scale=1, border=_QUIET_ZONE)[0]
    bars = "".join(
        f"M{start} {row}h{end - start}v1h-{end - start}z"
        for row, line in enumerate(code.matrix_iter(border=_QUIET_ZONE))
        for start, end in _runs(bytes(line))
    )
    return Markup(
        '<svg viewBox="0 0 {0} {0}" role="img" aria-label="{1}" shape-rendering="crispEdges">'
        '<path fill="#fff" d="M0 0h{0}v{0}H0z"/><path fill="#10211c" d="{2}"/></svg>'
    ).format(side, label, bars)


def _runs(line: bytes) -> list[tuple[int, int]]:
    """Where the dark modules of one row begin and end."""
    runs: list[tuple[int, int]] = []
    for at, dark in enumerate(line):
        if not dark:
            continue
        if runs and runs[-1][1] == at:
            runs[-1] = (runs[-1][0], at + 1)
        else:
            runs.append((at, at + 1))
    return runs


@cache
def asset(name: str) -> str:
    """The address of a file in `static/`, with its hash: browsers keep it for good, and a new file is a new address."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:10]
    return f"/static/{name}?v={digest}"


def add_static(app: web.Application) -> None:
    """Serve `static/`."""
    app.router.add_get("/static/{name}", _static)


async def _static(request: web.Request) -> web.StreamResponse:
    path = STATIC / request.match_info["name"]
    if path.parent != STATIC or not path.is_file():
        raise web.HTTPNotFound
    keep = "public, max-age=31536000, immutable" if "v" in request.query else "no-cache"
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return web.FileResponse(path, headers={"Cache-Control": keep, "Vary": "Accept-Encoding"})
    headers = {"Cache-Control": keep, "Vary": "Accept-Encoding", "Content-Encoding": "gzip"}
    return web.Response(body=_packed(path), content_type=_TYPES.get(path.suffix), charset="utf-8", headers=headers)


_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


@cache
def _packed(path: Path) -> bytes:
    """A file of ours, a quarter of its size on the wire. Pages themselves stay unpacked: they hold form tokens."""
    return gzip.compress(path.read_bytes(), mtime=0)
