"""The table: each notice as Telegram and the web chat, SMS, e-mail and letters say it, one page a language."""

import html
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from bot import mail_words, notices, notices_sms
from bot.channels import sms_menu
from bot.pointing import Pointer
from bot.told import Told, Worded
from core import gsm, words
from core.documents import code_letter, letter, plan
from core.documents.plain import paragraphs
from core.documents.plan import PAPERS
from core.documents.sheet import Sheet
from tests import house
from tests.documents import sara as letters
from tests.documents.test_languages import NEW_CODE
from tests.documents.test_plan_papers import paper
from tests.notices.samples import CODE, DAY, LINK, VERIFY, Sample, samples, sara

FOLDER: Final = house.ROOT / "docs" / "notices"
ANEW: Final = "run `python -m tests.notices`, and read what changed before you commit it"
POINTER: Final = Pointer(LINK, VERIFY, CODE)
LETTERS: Final = {
    "reminder": letters.REMINDER,
    "demand": letters.DEMAND,
    "final_notice": letters.FINAL_NOTICE,
    "resumed": letters.RESUMED,
}
_HEAD: Final = """# What we say on our own initiative: {name}

Each notice to a debtor as Telegram and the web chat say it, and as SMS says it to somebody who has shown who they are.
Anywhere else only the first one goes, the pointer; by e-mail never anything else. The same case stands behind all of
them: Sara Lind's, on Thursday 31 July 2025. `python -m tests.notices` writes this page anew; a test compares it.
"""


def path_of(lang: str) -> Path:
    return FOLDER / f"{lang}.md"


def page(lang: str) -> str:
    """The page of a language."""
    return "\n".join([_HEAD.format(name=words.language_name(lang)), *sections(lang).values()])


def sections(lang: str) -> dict[str, str]:
    """What is said, by the headings of the page."""
    found = {"pointer": _pointer(lang)}
    for sample in samples():
        name = f"{sample.kind}, {sample.name}" if sample.name else sample.kind
        chat = "\n".join(_quoted(_text(in_chat(sample, lang)), _labels(in_chat(sample, lang))))
        found[name] = f"## {name}\n\nTelegram, web chat:\n\n{chat}\n\n{_sms(by_sms(sample, lang))}\n"
    found["letters"] = "\n".join(["## By letter\n", *_letters(lang)])
    return found


def told(sample: Sample, lang: str) -> Told:
    by, text, back = sample.by, sample.text, sample.back
    return Told(sample.kind, sample.facts, sara(), lang, DAY, verify_code=CODE, name=by, text=text, back=back)


def in_chat(sample: Sample, lang: str) -> Worded:
    return notices.word(told(sample, lang))


def by_sms(sample: Sample, lang: str) -> str:
    return sent(notices_sms.word(told(sample, lang)))


def sent(worded: Worded) -> str:
    """A notice as the phone gets it."""
    keyboard = {"inline_keyboard": [[{"text": label, "callback_data": data}] for label, data in worded.buttons]}
    return gsm.plain(sms_menu.menu(" ".join(_text(worded).split()), keyboard, lambda _place: "4317").text)


def _text(worded: Worded) -> str:
    return html.unescape(worded.html)


def _labels(worded: Worded) -> str:
    return " ".join(f"`{label}`" for label, _ in worded.buttons)


def _pointer(lang: str) -> str:
    chat = notices.word(Told("pointer", {}, None, lang, DAY, verify_code=CODE))
    mail = mail_words.pointer(lang, POINTER)
    parts = ["## pointer\n", "Telegram, web chat:\n", *_quoted(_text(chat), _labels(chat)), ""]
    parts += [_sms(sent(notices_sms.pointer(lang, POINTER))), "", "E-mail:\n", *_quoted(mail.subject, mail.text)]
    return "\n".join([*parts, ""])


def _sms(said: str) -> str:
    size = gsm.size(said)
    count = "1 segment" if size.segments == 1 else f"{size.segments} segments"
    return f"SMS, {size.places} places, {count}:\n\n" + "\n".join(_quoted(said))


def _letters(lang: str) -> Iterator[str]:
    """Law wants letters in Swedish: other languages have the page that explains each."""
    for name, data in LETTERS.items():
        yield from _letter(name, letter.sheets(data, lang)[-1])
    for kind in sorted(PAPERS):
        yield from _letter(f"plan, {kind}", plan.sheets(paper(kind), lang)[-1])
    yield from _letter("new code", code_letter.sheets(NEW_CODE, lang)[-1])


def _letter(name: str, sheet: Sheet) -> Iterator[str]:
    yield f"### {name}\n"
    for said in paragraphs(sheet):
        yield from _quoted(said)
        yield ">"
    yield ""


def _quoted(*texts: str) -> Iterator[str]:
    lines = [line for text in texts for line in text.split("\n") if line.strip()]
    for number, line in enumerate(lines, 1):
        yield f"> {line}" + ("\\" if number < len(lines) else "")
