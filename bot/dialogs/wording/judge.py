"""A dispute in the words of whoever answers it: what it is about, and what an answer does before it is given."""

from collections.abc import Iterator
from typing import Final

from bot.dialogs.wording.dispute import GROUNDS, about_text
from core import words
from core.services.judging import Figures, Matter

#: So much of the person's own words stands on the screen; the rest is read on its own.
WORDS_MAX: Final = 1_500


def matter_text(matter: Matter, lang: str) -> tuple[str, bool]:
    """The dispute as a screen, and whether there is more of the person's words than it shows."""
    values = {"debtor": matter.case.debtor.name, "ocr": matter.case.ocr}
    about, ground = about_text(matter.raised, lang), words.text(lang, GROUNDS[matter.raised.ground])
    by = words.day(matter.answer_by, lang)
    lines = [words.text(lang, "judge.dispute", about=about, ground=ground, answer_by=by, **values)]
    said = "\n".join(matter.words)
    shown = said if len(said) <= WORDS_MAX else f"{said[:WORDS_MAX].rstrip()} ..."
    lines.append(words.text(lang, "judge.words", text=shown) if said else words.text(lang, "judge.no_words"))
    if count := len(matter.files):
        lines.append(words.plural(lang, "judge.files", count, number=words.number(count, lang)))
    return "\n".join(lines), len(said) > WORDS_MAX


def check_text(matter: Matter, figures: Figures, word: str, reason: str, amount: int, lang: str) -> str:
    """What an answer does, figures first."""
    values = {"debtor": matter.case.debtor.name, "ocr": matter.case.ocr}
    about = about_text(matter.raised, lang)
    said = words.text(
        lang,
        f"judge.check.{word}",
        about=about,
        amount=words.kronor(amount, lang),
        reason=words.clause(reason, lang, matter.case.creditor.short_name, matter.case.debtor.name),
        **values,
    )
    return "\n".join([said, *_consequences(figures, word, matter.case.debtor.name, lang)])


def _consequences(figures: Figures, word: str, debtor: str, lang: str) -> Iterator[str]:
    if word != "rejected":
        credited, left = words.money(figures.credited, lang), words.money(figures.left, lang)
        told = [words.text(lang, "judge.figures", credited=credited, left=left, debtor=debtor)]
        if figures.over:
            told.append(words.text(lang, "judge.figures.over", debtor=debtor, over=words.money(figures.over, lang)))
        if figures.payable < 0:
            told.append(words.text(lang, "judge.figures.less", amount=words.money(-figures.payable, lang)))
        else:
            told.append(words.text(lang, "judge.figures.free"))
        if figures.closes:
            told.append(words.text(lang, "judge.figures.closes"))
        yield " ".join(told)
    if word != "upheld":
        yield words.text(lang, "judge.no_means", debtor=debtor)
