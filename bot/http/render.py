"""Messages as HTML: the same fragments for the page without script and for the socket.

A message comes as the channel stored it (`bot.channels.webchat`): text, buttons, perhaps a card and a file. What the
channel calls `html` has been through its allow-list; everything else is escaped here.

A card stands between paragraphs of the text, which was written for channels without cards. `lead` says how many
paragraphs stand before it (one) and `skip` how many it says in its own way and thereby replaces (none).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Self

from markupsafe import Markup

from bot.http import cards, choices, pages
from bot.http.cards import Card, File
from bot.http.choices import Button
from core import words

# After this long the sender and the time are said again.
SAME_GROUP = timedelta(minutes=15)
REPLIES_MAX = 3

_DOTS = Markup(
    '<li class="msg typing-now"><div class="bubble"><span class="typing" aria-hidden="true">'
    '<i></i><i></i><i></i></span><span class="aside-only">{}</span></div></li>'
)


@dataclass(frozen=True, slots=True)
class Message:
    """What was said, as the channel stored it."""

    id: int
    seq: int
    by: str
    name: str | None
    at: datetime
    html: str
    plain: str
    buttons: tuple[Button, ...]
    card: Mapping[str, Any] | None
    file: Mapping[str, Any] | None
    client_id: str | None

    @classmethod
    def read(cls, raw: Mapping[str, Any]) -> Self:
        return cls(
            id=raw["id"],
            seq=raw["seq"],
            by=raw["by"],
            name=raw.get("name"),
            at=datetime.fromisoformat(raw["at"]),
            html=raw.get("html") or "",
            plain=raw.get("plain") or "",
            buttons=choices.buttons(raw.get("buttons") or ()),
            card=raw.get("card"),
            file=raw.get("file"),
            client_id=raw.get("client_id"),
        )

    @property
    def day(self) -> date:
        return self.at.astimezone(words.HERE).date()


@dataclass(frozen=True, slots=True)
class Fragment:
    """A message ready for the page: its markup, and what is spoken of it."""

    message: Message
    html: str
    said: str


@dataclass(frozen=True, slots=True)
class Shown:
    """One message with everything decided that its markup asks for."""

    id: int
    by: str
    name: str
    at: str
    time: str
    day: str | None
    head: bool
    signed: bool
    lead: Sequence[str]
    rest: Sequence[str]
    card: Card | None
    file: File | None
    buttons: tuple[Button, ...]
    live: bool
    as_replies: bool
    new: bool


class Transcript:
    """The messages of one conversation as one page shows them: who spoke last, which day it was, what can be pressed.

    The page and the socket each keep one, so both part groups and days alike. `csrf` stands in the forms. `desk`: one
    of us, or of a creditor, works here, need not read that a machine answers, and has several things to do at a time:
    what is told of one leaves the buttons of the others.
    """

    def __init__(
        self, lang: str, today: date, csrf: str, messages: Iterable[Message] = (), *, desk: bool = False
    ) -> None:
        self._desk = desk
        self.lang = lang
        self.today = today
        self.csrf = csrf
        self._messages: dict[int, Message] = {}
        for message in messages:
            self.put(message)

    def put(self, message: Message) -> None:
        """Add a message, or put its newer state in the place of the older one."""
        self._messages[message.id] = message

    def drop(self, message_id: int) -> None:
        self._messages.pop(message_id, None)

    def rekey(self, message_id: int, rows: Iterable[Iterable[Mapping[str, Any]]]) -> None:
        """Other choices under a message, or none; what it says stays."""
        self.put(replace(self._messages[message_id], buttons=choices.buttons(rows)))

    def __contains__(self, message_id: int) -> bool:
        return message_id in self._messages

    @property
    def seq(self) -> int:
        """The number of the last change that is in here."""
        return max((message.seq for message in self._messages.values()), default=0)

    def page(self, last: int | None = None) -> Markup:
        """All messages as list items, or the last few."""
        ids = sorted(self._messages)
        return Markup("").join(Markup(self._markup(id, new=False)) for id in (ids[-last:] if last else ids))  # noqa: S704

    def fragment(self, message_id: int) -> Fragment:
        message = self._messages[message_id]
        return Fragment(message, self._markup(message_id, new=True), said(message, self.lang))

    def _markup(self, message_id: int, *, new: bool) -> str:
        message, before = self._messages[message_id], self._before(message_id)
        return str(_module(self.lang, self.csrf).item(self._shown(message, before, new)))

    def _before(self, message_id: int) -> Message | None:
        earlier = [id for id in self._messages if id < message_id]
        return self._messages[max(earlier)] if earlier else None

    def _live(self) -> int | None:
        """The last screen, the lowest message with buttons: presses are taken from it, and at a desk from all."""
        return max((message.id for message in self._messages.values() if message.buttons), default=None)

    def _shown(self, message: Message, before: Message | None, new: bool) -> Shown:
        last = message.id == self._live()
        live = last or (self._desk and bool(message.buttons))
        buttons = tuple(button for button in message.buttons if live or button.lasts)
        new_day = before is None or before.day != message.day
        lead, rest = _around_card(message)
        return Shown(
            id=message.id,
            by=message.by,
            name=message.name or "Schysst",
            at=message.at.isoformat(timespec="minutes"),
            time=words.said_at(message.at, self.lang),
            day=self._day(message.day) if new_day else None,
            head=message.by != "you" and (new_day or not _same_group(before, message)),
            signed=message.by == "person" or not self._desk,
            lead=lead,
            rest=rest,
            card=cards.read(message.card),
            file=File.read(message.file, self.lang),
            buttons=buttons,
            live=live,
            as_replies=len(buttons) <= REPLIES_MAX and (not last or _is_receipt(message)),
            new=new,
        )

    def _day(self, day: date) -> str:
        far = abs((self.today - day).days) > 183
        written = words.weekday_day_year(day, self.lang) if far else words.weekday_day(day, self.lang)
        if day == self.today:
            return words.text(self.lang, "page.chat.today", day=written)
        if day == self.today - timedelta(days=1):
            return words.text(self.lang, "page.chat.yesterday", day=written)
        return words.capital(written)


def said(message: Message, lang: str) -> str:
    """The short spoken form of a message: who, the text, that there is a statement, how many choices."""
    if message.by == "you":
        return ""
    text = " ".join(message.plain.split())
    key = "page.chat.said.human" if message.by == "person" else "page.chat.said.us"
    parts = [words.text(lang, key, text=text, name=message.name or "")]
    parts.append(cards.spoken(cards.read(message.card), lang))
    if message.buttons:
        parts.append(words.plural(lang, "page.chat.said.choices", len(message.buttons)))
    return " ".join(filter(None, parts))


def note(text: str) -> str:
    """A line between messages that belongs to no one: the answer to a press that could not be taken."""
    return str(Markup('<li><p class="note">{}</p></li>').format(text))


def typing(lang: str) -> str:
    """Three dots while somebody writes."""
    return str(_DOTS.format(words.text(lang, "page.chat.typing")))


def _same_group(before: Message | None, message: Message) -> bool:
    return (
        before is not None
        and (before.by, before.name) == (message.by, message.name)
        and message.at - before.at < SAME_GROUP
    )


def _is_receipt(message: Message) -> bool:
    return bool(message.card and message.card.get("kind") == "receipt")


def _around_card(message: Message) -> tuple[Sequence[str], Sequence[str]]:
    """The paragraphs before the card and after it; without a card all come first."""
    parts = paragraphs(message)
    if message.card is None:
        return parts, ()
    lead = int(message.card.get("lead", 1))
    return parts[:lead], parts[lead + int(message.card.get("skip", 0)) :]


def paragraphs(message: Message) -> list[str]:
    """Each line of a text is a paragraph. A line break inside a tag stays a line break, so that tags stay whole.

    What a person wrote is never markup, whatever it looks like.
    """
    if message.by == "you":
        return [Markup.escape(line) for line in message.plain.split("\n") if line.strip()]
    parts: list[str] = []
    whole = ""
    for line in re.split(r"\n|<br\s*/?>", message.html):
        whole = f"{whole}<br>{line}" if whole else line
        if _open_tags(whole) == 0:
            parts.append(whole)
            whole = ""
    parts.append(whole)
    return [Markup(part) for part in parts if part.strip()]  # noqa: S704 - through the channel's allow-list


def _open_tags(html: str) -> int:
    return len(re.findall(r"<[a-z]", html.replace("<br>", ""))) - html.count("</")


def standing(value: Any, lang: str) -> str:
    """The still line as HTML."""
    template = pages.environment().get_template("standing.html")
    return template.render(t=partial(words.text, lang), sum_parts=partial(pages.sum_parts, lang=lang), standing=value)


def _module(lang: str, csrf: str) -> Any:
    """The macros of message.html, with the words of one language and the token of one chat."""
    template = pages.environment().get_template("message.html")
    comma = "\N{ARABIC COMMA}" if words.direction(lang) == "rtl" else ","
    return template.make_module({"t": partial(words.text, lang), "csrf": csrf, "comma": comma})
