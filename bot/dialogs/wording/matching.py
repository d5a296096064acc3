"""What staff read of payments that found no case: the list, one payment, why a case is likely, what follows."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from bot.dialogs.widgets import shortened
from core import guessing, words
from core.guessing import Clue
from core.services.likely import Likely
from core.services.match_effect import Effect
from core.services.matching import Booked, EntryView, Page
from core.services.own_money import Figures
from core.services.part_back import Effect as Effected
from core.services.taken_back import Effect as BackEffect
from core.store import bank
from core.store.matching import EntryRow

#: So much of what a payer wrote stands in a line of the list, and on the screen of one payment.
LINE_MAX: Final = 40
SAID_MAX: Final = 48
#: So many reasons are told for each likely case, the best first.
REASONS_MAX: Final = 2
#: How a line of Swish is marked that could not be told.
SWISH: Final = "swish"


def list_text(page: Page, lang: str) -> str:
    """How many wait and what they come to, then a line each."""
    if not page.total:
        return words.text(lang, "staff.match.empty")
    amount, number = words.money(page.ore, lang), words.number(page.total, lang)
    head = words.capital(words.plural(lang, "staff.match.list", page.total, number=number, amount=amount))
    if page.out:
        head += " " + words.text(lang, "staff.match.list.out", amount=words.money(page.out, lang))
    lines = [head, *(_line(row, lang) for row in page.entries)]
    if page.more or page.number:
        lines.append(words.text(lang, "staff.match.list.search"))
    return "\n".join(lines)


def found_text(rows: Sequence[EntryRow], lang: str) -> str:
    """What a search met, a line each."""
    return "\n".join([words.text(lang, "staff.match.found"), *(_line(row, lang) for row in rows)])


def _line(row: EntryRow, lang: str) -> str:
    said = _short(written(row), LINE_MAX)
    said = words.text(lang, "staff.match.line.charge") if row.is_charge else f'"{said}"' if said else ""
    key = "staff.match.line.out" if row.ore < 0 else "staff.match.line"
    line = words.text(lang, key, amount=words.money(abs(row.rest), lang), day=words.day(row.booked_on, lang))
    payer = _short(row.payer_name, LINE_MAX)
    return ", ".join(filter(None, (line, payer, said)))


def entry_label(row: EntryRow, lang: str) -> str:
    """A payment on its button: the sum, with a minus if it went out, and the day."""
    return f"{words.money(row.rest or row.ore, lang)}, {words.day(row.booked_on, lang)}"


def entry_labels(rows: Sequence[EntryRow], lang: str) -> list[str]:
    """Payments on their buttons; of the same sum and day, by who paid or what they wrote, else by their place."""
    labels = [entry_label(row, lang) for row in rows]
    labels = [
        _by_payer(row, lang) if labels.count(label) > 1 else label for row, label in zip(rows, labels, strict=True)
    ]
    labels = [shortened(label) for label in labels]
    placed = enumerate(labels, start=1)
    return [shortened(f"{place}. {label}") if labels.count(label) > 1 else label for place, label in placed]


def _by_payer(row: EntryRow, lang: str) -> str:
    said = row.payer_name.strip() or written(row)
    return f"{words.kronor(row.rest or row.ore, lang)} {said}" if said else entry_label(row, lang)


def written(row: EntryRow) -> str:
    """What the payer wrote, references first."""
    return " ".join(" ".join([*(ref.text for ref in row.refs), row.text]).split())


def entry_text(
    view: EntryView,
    found: Sequence[Likely],
    originals: Sequence[EntryView],
    lang: str,
    maybe: Sequence[str] = (),
) -> str:
    """One payment: what the bank tells of it, where parts of it are, and what it is likely for or takes back.

    ``maybe``: which payouts of ours it may be, or of which payments a part, a line each.
    """
    row = view.row
    lines = told_lines(row, lang, _by_sender(found))
    lines += [booked_text(each, lang) for each in view.booked]
    if view.booked and row.rest:
        lines.append(words.text(lang, "staff.match.rest", rest=words.money(row.rest, lang)))
    if row.state == bank.DOUBTFUL and view.twin is not None:
        lines.append(words.text(lang, "staff.match.twin", day=words.day_year(view.twin.booked_on, lang)))
    elif row.state == bank.OPEN:
        lines += _unmatched(row, found, lang) if row.ore > 0 else _unknown(originals, maybe, lang)
    return "\n".join(lines)


def told_lines(row: EntryRow, lang: str, by_sender: bool = False) -> list[str]:
    """What the bank tells of a payment: sum and day, who sent or got it, and what was written; else the sender's id."""
    values = {"amount": words.money(abs(row.ore), lang), "day": words.day_year(row.booked_on, lang)}
    lines = [words.text(lang, "staff.match.out" if row.ore < 0 else "staff.match.in", **values)]
    if row.payer_name:
        key = "staff.match.payee" if row.ore < 0 else "staff.match.payer"
        lines.append(words.text(lang, key, payer=_short(row.payer_name, LINE_MAX)))
    said = _short(written(row), SAID_MAX)
    if row.is_charge:
        lines.append(words.text(lang, "staff.match.charge"))
    elif said:
        lines.append(words.text(lang, "staff.match.said", said=said))
    elif row.ore > 0:
        lines.append(words.text(lang, "staff.match.silent"))
    if row.end_to_end and (by_sender or not said):
        lines.append(words.text(lang, "staff.match.sender", said=_short(row.end_to_end, SAID_MAX)))
    return lines


def _by_sender(found: Sequence[Likely]) -> bool:
    """Whether the sender's id is why a case is likely."""
    return any(clue.why == guessing.SENDER for each in found for clue in each.candidate.clues)


def _unmatched(row: EntryRow, found: Sequence[Likely], lang: str) -> list[str]:
    lines = [likely_text(each, lang) for each in found] or [words.text(lang, "staff.match.unlikely")]
    if len(found) > 1 and found[0].candidate.place == found[1].candidate.place:
        lines.append(words.text(lang, "staff.match.tie"))
    return [words.text(lang, "staff.match.swish"), *lines] if row.how == SWISH else lines


def _unknown(originals: Sequence[EntryView], maybe: Sequence[str], lang: str) -> list[str]:
    """Money that went out, and what it may be as far as anybody knows."""
    if not originals:
        return list(maybe) or [words.text(lang, "staff.match.out.what")]
    told = [original_text(each, lang) for each in originals]
    return [*maybe, words.text(lang, "staff.match.out.maybe"), *told]


def original_text(view: EntryView, lang: str) -> str:
    """A payment that may have been taken back, and where it is."""
    row = view.row
    values = {"amount": words.money(view.left, lang), "day": words.day_year(row.booked_on, lang)}
    key = "staff.match.original" if view.left == row.ore else "staff.match.original.left"
    told = [words.text(lang, key, **values, whole=words.money(row.ore, lang)), _short(row.payer_name, LINE_MAX)]
    return ", ".join(filter(None, [*told, *(f"{each.ocr} {each.debtor}" for each in view.booked if each.ocr)]))


def original_label(view: EntryView, lang: str) -> str:
    """The same on its button."""
    return f"{words.money(view.left, lang)}, {words.day(view.row.booked_on, lang)}"


def back_text(effect: BackEffect, lang: str) -> str:
    """What it does to its cases that a payment, or what is left of it, is taken back."""
    lines = [original_text(effect.original, lang), words.text(lang, "staff.match.back")]
    lines += [
        words.text(lang, "staff.match.back.left", ocr=ocr, left=words.money(left, lang)) for ocr, left in effect.cases
    ]
    return "\n".join(lines)


def likely_text(likely: Likely, lang: str) -> str:
    """A likely match and why it is one."""
    parts = likely.candidate.parts
    ocrs = words.listed([part.ocr for part in parts], lang)
    reasons = list(dict.fromkeys(why_text(clue, lang) for clue in likely.candidate.clues))
    why = words.listed(reasons[:REASONS_MAX], lang)
    return words.text(
        lang,
        "staff.match.likely",
        ocr=ocrs,
        debtor=likely.debtor,
        creditor=likely.creditor,
        payable=words.money(likely.payable, lang),
        why=why,
    )


def why_text(clue: Clue, lang: str) -> str:
    """Why a case is likely: ``faktura 5512``, ``ett skrivfel från 10000190``."""
    said = clue.said
    if clue.why == guessing.AMOUNT:
        return words.text(lang, f"staff.match.why.{said}")
    if clue.why == guessing.PAYER:
        return words.text(lang, "staff.match.why.payer", day=words.day(date.fromisoformat(said), lang))
    return words.text(lang, f"staff.match.why.{clue.why}", said=said)


def effect_text(effect: Effect, lang: str) -> str:
    """What a part of a payment would do to its case."""
    lines = [
        words.text(
            lang,
            "staff.match.effect",
            amount=words.money(effect.part.ore, lang),
            ocr=effect.part.ocr,
            debtor=effect.debtor,
            creditor=effect.creditor,
            owed=words.money(effect.owed, lang),
            left=words.money(effect.left, lang),
        )
    ]
    if effect.kept and effect.over:
        over = words.money(effect.over, lang)
        lines.append(words.text(lang, f"staff.match.kept.{effect.kept}", over=over))
    elif effect.over:
        lines.append(words.text(lang, "staff.payment.over", over=words.money(effect.over, lang)))
    if effect.closes:
        lines.append(words.text(lang, "staff.match.closes"))
    if effect.shared:
        lines.append(words.text(lang, "staff.match.shared"))
    return " ".join(lines)


def part_text(effect: Effected, lang: str) -> str:
    """A payment of which the bank may have taken back a part."""
    return words.text(lang, "staff.match.part.of", **_of_part(effect, lang))


def part_label(effect: Effected, lang: str) -> str:
    """The same on its button."""
    return entry_label(effect.original, lang)


def part_back_text(effect: Effected, lang: str) -> str:
    """What it does to the case that a part of its payment is gone."""
    told = words.text(lang, "staff.match.part.check", **_of_part(effect, lang))
    if not effect.over:
        return told
    return f"{told} {words.text(lang, 'staff.payment.over', over=words.money(effect.over, lang))}"


def _of_part(effect: Effected, lang: str) -> dict[str, str]:
    sums = {"whole": effect.whole, "back": effect.back, "stays": effect.stays, "left": effect.left}
    day = words.day_year(effect.original.booked_on, lang)
    told = {"ocr": effect.ocr, "debtor": effect.debtor, "day": day}
    return {**told, **{name: words.money(ore, lang) for name, ore in sums.items()}}


def booked_text(booked: Booked, lang: str) -> str:
    """A part of a payment that is in a case, and who put it there."""
    values = {
        "amount": words.money(abs(booked.ore), lang),
        "ocr": booked.ocr,
        "debtor": booked.debtor,
        "day": words.day_year(booked.booked_on, lang),
        "who": booked.who,
    }
    if not booked.ocr:
        return words.text(lang, f"staff.match.booked.{booked.kind}", **values)
    return words.text(lang, "staff.match.booked.by" if booked.who else "staff.match.booked", **values)


def laid_in_text(row: EntryRow, figures: Figures, lang: str) -> str:
    """What laying in our own money does to what is short."""
    over = row.rest - figures.missing
    key = "staff.match.own.short" if figures.missing else "staff.match.own"
    if figures.missing and over > 0:
        key = "staff.match.own.more"
    sums = {"amount": row.rest, "now": figures.missing, "then": figures.missing_then, "over": over}
    return words.text(lang, key, **{name: words.money(ore, lang) for name, ore in sums.items()})


def fee_text(row: EntryRow, figures: Figures, lang: str) -> str:
    """What the bank charges is our cost: taken of our own on the account, or to be laid in."""
    key = "staff.match.fee.short" if figures.missing_then else "staff.match.fee"
    return _of_ours(key, row, figures, lang)


def from_bank_text(row: EntryRow, figures: Figures, lang: str) -> str:
    """What the bank pays us."""
    return _of_ours("staff.match.from_bank", row, figures, lang)


def _of_ours(key: str, row: EntryRow, figures: Figures, lang: str) -> str:
    sums = {"amount": abs(row.rest), "missing": figures.missing_then, "own": figures.own, "then": figures.own_then}
    return words.text(lang, key, **{name: words.money(ore, lang) for name, ore in sums.items()})


def _short(text: str, most: int) -> str:
    """The beginning of what somebody else wrote, in one line."""
    one_line = re.sub(r"\s+", " ", text).strip()
    return one_line if len(one_line) <= most else f"{one_line[: most - 4].rstrip()} ..."
