"""What a mail says, as text and as HTML: to a debtor a pointer or a neutral answer, to members their news in full.

Pure. The HTML needs no picture and nothing from elsewhere, is light or dark as the reader has it, and runs from right
to left where the language does.
"""

import html
import re
from dataclasses import dataclass
from typing import Final

from bot.pointing import Pointer
from core import words
from core.agency import Agency
from core.words import isolate

#: What a mail to a debtor may answer: that nothing more comes, or that the address was somebody else's.
STOPPED, WRONG = "stopped", "wrong"

#: The colours of our pages (``tokens.css``), light and dark: mails can not read a style sheet.
LIGHT: Final = {
    "mist": "#e7eeea",
    "paper": "#ffffff",
    "ink": "#10211c",
    "ink-soft": "#3d4f48",
    "spruce": "#0b5a4d",
    "on-spruce": "#ffffff",
}
DARK: Final = {
    "mist": "#0d1613",
    "paper": "#15211d",
    "ink": "#e7f0ec",
    "ink-soft": "#aec0b8",
    "spruce": "#86d6bf",
    "on-spruce": "#06231c",
}
_FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans Arabic', Arial, sans-serif"
_LINK: Final = re.compile(r"https?://[^\s<>\"\u2066-\u2069]+[^\s<>\".,;:?\u2066-\u2069]")
_SUBJECTS: Final = (
    ("creditor.paid", "mail.subject.paid"),
    ("creditor.part_paid", "mail.subject.paid"),
    ("creditor.registered", "mail.subject.registered"),
    ("creditor.decide", "mail.subject.decide"),
    ("creditor.disputed", "mail.subject.dispute"),
    ("dispute", "mail.subject.dispute"),
    ("task.", "mail.subject.task"),
    ("creditor.report", "mail.subject.report"),
)


@dataclass(frozen=True, slots=True, repr=False)
class MailWords:
    """One mail. ``kept`` is what may be stored of its text: without what opens something."""

    subject: str
    text: str
    html: str
    kept: str


def pointer(lang: str, values: Pointer) -> MailWords:
    """Something waits. Nothing here says who for, from whom, or what about."""
    text = _pointer_text(lang, values)
    button = (values.link, words.text(lang, "mail.pointer.read"))
    body = _paragraphs(text)
    return MailWords(
        words.text(lang, "mail.pointer.subject"), text, _page(lang, body, button), _pointer_text(lang, values.kept)
    )


def answer(lang: str, what: str) -> MailWords:
    """Their STOPP or FEL has been heard. The words know nothing, and are the same for everybody."""
    subject, text = words.text(lang, f"mail.{what}.subject"), words.text(lang, f"mail.{what}")
    return MailWords(subject, text, _page(lang, _paragraphs(text)), text)


def of_member(lang: str, subject: str, plain: str, page_html: str, agency: Agency) -> MailWords:
    """A notice in full, for somebody who works with it: its words, the way to the chat, and who we are.

    ``page_html`` are the same words in the small HTML of our pages.
    """
    foot = f"{agency.name}, {agency.address}"
    text = f"{plain}\n\n{words.text(lang, 'mail.member', link=agency.public_url)}\n\n-- \n{foot}\n"
    shown = _page(lang, f"<p>{page_html}</p>", (agency.public_url, words.text(lang, "mail.open")), foot)
    return MailWords(subject, text, shown, plain)


def with_papers(lang: str, subject: str, plain: str, page_html: str, agency: Agency) -> MailWords:
    """A notice with its papers, for whoever keeps the books and may have no chat: whom to ask, in its place."""
    foot = f"{agency.name}, {agency.address}"
    ask = words.text(lang, "mail.papers", phone=agency.phone, email=agency.email)
    shown = _page(lang, f"<p>{page_html}</p>{_paragraphs(ask)}", foot=foot)
    return MailWords(subject, f"{plain}\n\n{ask}\n\n-- \n{foot}\n", shown, plain)


def subject_of(lang: str, kind: str, ocr: str) -> str:
    """A subject stands in lists that anybody may glance at: the case's number, and nobody's name."""
    key = next((key for begins, key in _SUBJECTS if kind.startswith(begins)), "mail.subject.case")
    if key in ("mail.subject.task", "mail.subject.report"):
        return words.text(lang, key)
    return words.text(lang, key, ocr=ocr) if ocr else words.text(lang, "mail.subject.other")


def _pointer_text(lang: str, values: Pointer) -> str:
    text = words.text(
        lang,
        "mail.pointer",
        link=values.link,
        verify_code=values.verify_code,
        verify_url=values.verify_url,
    )
    # A sign that a mail program takes for a part of the address would break the link; an address needs no isolation.
    for url in (values.link, values.verify_url):
        text = text.replace(isolate(url), url)
    return text


def _paragraphs(text: str) -> str:
    """The words with their addresses as links, left to right in any text."""
    parts, at = [], 0
    for found in _LINK.finditer(text):
        url = html.escape(found[0])
        parts += [html.escape(text[at : found.start()], quote=False), f'<a href="{url}" dir="ltr" class="a">{url}</a>']
        at = found.end()
    parts.append(html.escape(text[at:], quote=False))
    return "".join(f"<p>{part}</p>" for part in "".join(parts).split("\n") if part.strip())


def _page(lang: str, body: str, button: tuple[str, str] | None = None, foot: str = "") -> str:
    known = words.known(lang)
    url, label = button or ("", "")
    press = f'<p><a class="b" href="{html.escape(url)}">{html.escape(label, quote=False)}</a></p>' if button else ""
    below = f'<p class="f">{html.escape(foot, quote=False)}</p>' if foot else ""
    return (
        f'<!doctype html>\n<html lang="{known}" dir="{words.direction(known)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>Schysst</title>\n<style>\n{_style(LIGHT)}\n"
        f"@media (prefers-color-scheme: dark) {{ {_colours(DARK)} }}\n</style>\n</head>\n"
        f'<body>\n<div class="m"><p class="w"><b>Schysst</b></p>\n<div class="t">{body}</div>\n{press}\n{below}</div>\n'
        "</body>\n</html>\n"
    )


def _style(colours: dict[str, str]) -> str:
    return (
        f"body {{ margin: 0; padding: 16px; font-family: {_FONT}; font-size: 17px; line-height: 1.5; }}\n"
        ".m { max-width: 34rem; margin: 0 auto; padding: 24px; border-radius: 10px; }\n"
        ".w { margin: 0 0 16px; font-size: 20px; }\n.t p { margin: 0 0 12px; overflow-wrap: anywhere; }\n"
        ".b { display: inline-block; padding: 10px 20px; border-radius: 999px; text-decoration: none; }\n"
        f".f {{ font-size: 14px; }}\n{_colours(colours)}"
    )


def _colours(of: dict[str, str]) -> str:
    return (
        f"body {{ background: {of['mist']}; color: {of['ink']}; }} .m {{ background: {of['paper']}; }} "
        f".a {{ color: {of['spruce']}; }} .b {{ background: {of['spruce']}; color: {of['on-spruce']}; }} "
        f".f {{ color: {of['ink-soft']}; }}"
    )
