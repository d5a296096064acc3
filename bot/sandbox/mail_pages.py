"""``/sandbox/mail``: everybody's mailbox in a demo. Read a mail, write back, let it bounce; the server's bad days."""

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.http.pages import Front, language_of, page
from bot.http.security import CONTENT_POLICY
from bot.sandbox.mail import Caught, Faults, MailSandbox
from bot.sandbox.sms_pages import parts

MAIL: Final = "/sandbox/mail"
SHOWN_MAX: Final = 50
ANSWER_MAX: Final = 2_000
#: What the server may answer, and what a bounce may say; nothing else comes from the form.
ANSWERS: Final = ("", "451 4.7.1 Greylisted", "550 5.1.1 No such user")
BOUNCES: Final = ("5.1.1", "5.2.2", "4.4.1")
#: A mail brings its own style, in a frame where nothing runs.
_POLICY: Final = (
    CONTENT_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'") + "; frame-src 'self' about:"
)


class MailPages:
    """The list, one mail, and what one can do with it. ``lmtp`` tells where our own door for mail is."""

    def __init__(self, front: Front, sandbox: MailSandbox, lmtp: Callable[[], tuple[str, int]]) -> None:
        self._front = front
        self._sandbox = sandbox
        self._lmtp = lmtp

    def register(self, app: web.Application) -> None:
        app.router.add_get(MAIL, self._list)
        app.router.add_post(MAIL + "/faults", self._misbehave)
        app.router.add_get(MAIL + "/{id}", self._one)
        app.router.add_get(MAIL + "/{id}/files/{number:[0-9]{1,2}}", self._file)
        app.router.add_post(MAIL + "/{id}/answer", self._answer)
        app.router.add_post(MAIL + "/{id}/bounce", self._bounce)

    async def _list(self, request: web.Request) -> web.Response:
        newest = self._sandbox.caught[: -SHOWN_MAX - 1 : -1]
        return page(
            self._front,
            "sandbox_mail.html",
            language_of(request),
            caught=newest,
            faults=self._sandbox.faults,
            answers=ANSWERS,
        )

    async def _one(self, request: web.Request) -> web.Response:
        caught = self._found(request)
        answer = page(
            self._front,
            "sandbox_mail_one.html",
            language_of(request),
            caught=caught,
            lines=[parts(line) for line in caught.part("plain").splitlines() if line.strip()],
            headers=[(name, str(value)) for name, value in caught.read.items()],
            attachments=[name for name, _, _ in caught.attachments()],
            bounces=BOUNCES,
            done=request.query.get("done", ""),
        )
        answer.headers["Content-Security-Policy"] = _POLICY
        return answer

    async def _file(self, request: web.Request) -> web.Response:
        """An attachment, by its place in the mail. Always a download: nothing of it runs as a page of ours."""
        files, at = self._found(request).attachments(), int(request.match_info["number"])
        if at >= len(files):
            raise web.HTTPNotFound
        name, kind, body = files[at]
        headers = {
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": "default-src 'none'; sandbox",
        }
        return web.Response(body=body, content_type=kind, headers=headers)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        caught, form = self._found(request), await request.post()
        words = str(form.get("words", ""))[:ANSWER_MAX].strip()
        taken = bool(words) and await self._sandbox.answer(caught, words, self._lmtp())
        return _back(caught, taken)

    async def _bounce(self, request: web.Request) -> web.StreamResponse:
        caught, form = self._found(request), await request.post()
        status = str(form.get("status", ""))
        if status not in BOUNCES:
            raise web.HTTPBadRequest
        return _back(caught, await self._sandbox.bounce(caught, status, self._lmtp()))

    async def _misbehave(self, request: web.Request) -> web.StreamResponse:
        """Set all switches at once; what is not sent is off."""
        form = await request.post()
        rcpt = str(form.get("rcpt", ""))
        if rcpt not in ANSWERS:
            raise web.HTTPBadRequest
        self._sandbox.faults = Faults(rcpt=rcpt, hang="hang" in form, cut="cut" in form)
        return web.Response(status=303, headers={"Location": MAIL})

    def _found(self, request: web.Request) -> Caught:
        caught = self._sandbox.find(request.match_info["id"])
        if caught is None:
            raise web.HTTPNotFound
        return caught


def _back(caught: Caught, taken: bool) -> web.StreamResponse:
    done = "taken" if taken else "refused"
    return web.Response(status=303, headers={"Location": f"{MAIL}/{caught.id}?done={done}"})
