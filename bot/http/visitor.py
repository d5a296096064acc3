"""Who comes back: the signed cookie that holds a chat, and the token that its forms carry.

The cookie holds a random address and nothing of a person. Whoever has it is in the same conversation; what that opens
is decided by identification, never by the cookie (`design.md` 6).
"""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64encode

from aiohttp import web

COOKIE = "chat"
DESK_COOKIE = "desk"
_KEPT_S = 180 * 24 * 3600
_ADDRESS_OCTETS = 24


class Visitor:
    """Makes and checks what a browser keeps for us. One secret for all processes."""

    def __init__(self, secret: bytes, *, https: bool) -> None:
        if len(secret) < 16:
            raise ValueError("the secret of the chat cookie has at least 16 octets")
        self._secret = secret
        self._https = https

    def address(self, request: web.Request) -> str | None:
        """The chat's address from the cookie, or None where there is none or somebody made it up."""
        address, _, mark = request.cookies.get(COOKIE, "").rpartition(".")
        return address if address and hmac.compare_digest(mark.encode(), self._mark("chat", address).encode()) else None

    def new_address(self) -> str:
        return secrets.token_urlsafe(_ADDRESS_OCTETS)

    def remember(self, answer: web.StreamResponse, address: str) -> None:
        self._keep(answer, COOKIE, f"{address}.{self._mark('chat', address)}")

    def play(self, request: web.Request, answer: web.StreamResponse, link: str) -> str:
        """In the demo one browser plays many people: each link has a conversation of its own there, and keeps it."""
        desk = request.cookies.get(DESK_COOKIE) or secrets.token_urlsafe(_ADDRESS_OCTETS)
        self._keep(answer, DESK_COOKIE, desk)
        return self._mark("play", f"{desk}:{link}")

    def _keep(self, answer: web.StreamResponse, name: str, value: str) -> None:
        answer.set_cookie(name, value, max_age=_KEPT_S, httponly=True, samesite="Lax", secure=self._https)

    def form_token(self, address: str) -> str:
        """What our forms carry and no other site can know (CSRF)."""
        return self._mark("form", address)

    def is_form_token(self, address: str, token: str) -> bool:
        return hmac.compare_digest(token.encode(), self.form_token(address).encode())

    def _mark(self, purpose: str, address: str) -> str:
        digest = hmac.new(self._secret, f"{purpose}:{address}".encode(), hashlib.sha256).digest()
        return urlsafe_b64encode(digest).decode().rstrip("=")
