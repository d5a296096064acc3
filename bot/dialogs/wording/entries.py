"""What a creditor's own entry does, in words, before it is made: the debtor, our fees and VAT, the next payout."""

from collections.abc import Iterable, Iterator

from bot.dialogs.wording.claims import PARTS, part_list
from core import words
from core.case import Case
from core.credit import Outcome
from core.money import Ore
from core.services.creditor_entries import Credit, CreditCheck, DirectCheck
from core.services.entry_effect import Effect, Fallen
from core.services.kept_payments import Kept
from core.services.told_before import Twin
from core.services.undoing import UndoCheck


def direct_text(look: DirectCheck, lang: str) -> str:
    """A payment that the creditor got: what it settles, and what follows."""
    case = look.case
    values = {"debtor": case.debtor.name, "creditor": case.creditor.short_name, "ocr": case.ocr}
    amount, day = words.money(look.amount, lang), words.day_year(look.on, lang)
    lines = [words.text(lang, "entries.direct.check", amount=amount, day=day, **values)]
    lines += [_told_before(twin, lang) for twin in look.twins[-1:]]
    if parts := part_list(case, look.parts, lang):
        lines.append(words.text(lang, "entries.direct.parts", parts=words.listed(parts, lang)))
    lines += fallen_lines(case, look.fallen, lang)
    back = [_goes_back(look.effect.back, case.debtor.name, lang)] if look.effect.back else []
    lines += _effect(look.effect, case.debtor.name, case.creditor.short_name, lang, back)
    return "\n".join([*lines, words.text(lang, "entries.direct.keeps")])


def fallen_lines(case: Case, gone: Fallen, lang: str) -> Iterator[str]:
    """What is not owed because it was paid before we knew: the fees of letters, and interest."""
    parts = part_list(case, gone.costs, lang)
    if other := sum(ore for kind, ore in gone.costs.items() if kind not in PARTS):
        parts.append(words.text(lang, "part.fees", amount=words.amount(other, lang)))
    if parts:
        yield words.text(lang, "entries.direct.fallen", parts=words.listed(parts, lang))
    if gone.interest:
        yield words.text(lang, "entries.direct.interest", amount=words.money(gone.interest, lang))


def _told_before(twin: Twin, lang: str) -> str:
    """The same amount and day are there already: whether this is another payment."""
    if not twin.direct:
        return words.text(lang, "entries.direct.twin.ours", receipt=twin.receipt)
    key = "entries.direct.twin" if twin.by else "entries.direct.twin.left"
    return words.text(lang, key, receipt=twin.receipt, at=words.moment(twin.at, lang), name=twin.by)


def credit_text(look: CreditCheck, lang: str) -> str:
    """A claim that the creditor takes back: all that goes, and what follows."""
    case = look.case
    creditor, credited = case.creditor.short_name, words.money(look.credited, lang)
    key = "entries.credit.whole" if look.whole else "entries.credit.part"
    values = {"debtor": case.debtor.name, "creditor": creditor, "ocr": case.ocr}
    lines = [words.text(lang, key, amount=credited, **values), *(_twin(twin, lang) for twin in look.twins[-1:])]
    if look.outcome.fallen > 0:
        key = "entries.credit.fallen" if look.whole else "entries.credit.interest"
        lines.append(words.text(lang, key, amount=words.money(look.outcome.fallen, lang)))
    if look.charged:
        vat = words.money(look.charged_vat, lang)
        lines.append(
            words.text(lang, "entries.credit.charged", amount=words.money(look.charged, lang), vat=vat, **values)
        )
    back = _back(look.outcome, case.debtor.name, lang)
    lines += _effect(
        look.effect, case.debtor.name, creditor, lang, back, charged=look.charged, charged_vat=look.charged_vat
    )
    lines.append(words.text(lang, "entries.credit.large" if look.second_look else "entries.credit.final"))
    return "\n".join(lines)


def _twin(twin: Credit, lang: str) -> str:
    """The number of the credit note was used before: where, when and for how much."""
    values = {"number": twin.note, "ocr": twin.case.ocr, "debtor": twin.case.debtor.name}
    day, amount = words.day_year(twin.on, lang), words.money(twin.ore, lang)
    return words.text(lang, "entries.credit.twin", day=day, amount=amount, **values)


def given_text(given: Credit, lang: str) -> str:
    """A credit that was given, to keep: how much, under which number, and what the debtor owes or gets back now."""
    values = {"creditor": given.case.creditor.short_name, "debtor": given.case.debtor.name, "ocr": given.case.ocr}
    amount, left = words.money(given.ore, lang), words.money(given.left, lang)
    lines = [words.text(lang, "entries.credit.done", amount=amount, number=given.note, receipt=given.receipt, **values)]
    key = "entries.credit.done.closed" if given.case.closed else "entries.credit.done.left"
    lines.append(words.text(lang, key, left=left, **values))
    lines += _back(given.outcome, given.case.debtor.name, lang)
    return "\n".join([*lines, words.text(lang, "entries.credit.done.wrong")])


def _back(outcome: Outcome, debtor: str, lang: str) -> Iterator[str]:
    """What goes back to the debtor because of a credit, with the öre of rounding; and what was owed back before."""
    if not outcome.back:
        return
    said = _goes_back(outcome.back, debtor, lang)
    if outcome.rounding:
        key = "entries.back.rounding" if outcome.rounding > 0 else "entries.back.rounding.less"
        said = f"{said} {words.text(lang, key, amount=words.money(abs(outcome.rounding), lang))}"
    yield said
    if outcome.owed:
        owed, total = words.money(outcome.owed, lang), words.money(outcome.owed + outcome.back, lang)
        yield words.text(lang, "entries.back.before", debtor=debtor, owed=owed, total=total)


def _goes_back(ore: Ore, debtor: str, lang: str) -> str:
    return words.text(lang, "entries.back", debtor=debtor, amount=words.money(ore, lang))


def _effect(
    effect: Effect,
    debtor: str,
    creditor: str,
    lang: str,
    back: Iterable[str],
    *,
    charged: Ore = 0,
    charged_vat: Ore = 0,
) -> Iterator[str]:
    """What is left, what goes ``back``, and all that the creditor's balance changes by: these lines add up to it."""
    left = words.text(lang, "entries.left", debtor=debtor, left=words.money(effect.left, lang))
    yield f"{left} {words.text(lang, 'entries.closes')}" if effect.closes else left
    yield from back
    fees, vat = effect.fees - charged, effect.vat - charged_vat
    if fees or vat:
        key = "entries.fees.more" if fees > 0 else "entries.fees.fallen" if charged else "entries.fees.less"
        yield words.text(lang, key, amount=words.money(abs(fees), lang), vat=words.money(abs(vat), lang))
    if effect.interest:
        key = "entries.interest.more" if effect.interest > 0 else "entries.interest.less"
        yield words.text(lang, key, amount=words.money(abs(effect.interest), lang))
    if not effect.payable:
        yield words.text(lang, "entries.payout.same", creditor=creditor)
        return
    before, after = words.money(effect.before, lang), words.money(effect.after, lang)
    said = words.text(lang, "entries.payout", creditor=creditor, before=before, after=after)
    yield f"{said} {words.text(lang, 'entries.payout.minus')}" if effect.after < 0 else said


def undo_text(look: UndoCheck, lang: str) -> str:
    """A payment that is taken back: where the money is then, and how the case goes on."""
    case = look.case
    values = {
        "receipt": f"{case.ocr}-{look.fact.receipt}",
        "amount": words.money(look.amount, lang),
        "day": words.day_year(look.fact.on, lang),
        "debtor": case.debtor.name,
    }
    lines = [words.text(lang, "entries.undo.check", **values)]
    if look.others:
        lines.append(words.text(lang, "entries.undo.others", cases=words.listed(look.others, lang)))
    lines.append(words.text(lang, f"entries.undo.{look.to}", creditor=case.creditor.short_name))
    now, then = words.money(look.left, lang), words.money(look.left_after, lang)
    said = words.text(lang, "entries.undo.left", left=now, after=then)
    lines.append(f"{said} {words.text(lang, 'entries.undo.opens')}" if look.opens else said)
    if look.not_back > 0:
        back = words.money(look.not_back, lang)
        lines.append(words.text(lang, "entries.undo.not_back", debtor=case.debtor.name, amount=back))
    return "\n".join(lines)


def kept_text(look: Kept, lang: str) -> str:
    """Money that is kept apart: why, and what counting it would do."""
    case = look.case
    values = {
        "debtor": case.debtor.name,
        "ocr": case.ocr,
        "amount": words.money(look.fact.amount, lang),
        "day": words.day_year(look.fact.on, lang),
        "apart": words.money(look.apart, lang),
    }
    lines = [words.text(lang, "desk.kept", **values), words.text(lang, f"desk.kept.why.{look.fact.kept}")]
    return "\n".join([*lines, words.text(lang, f"desk.kept.may.{look.may}")])


def kept_count_text(look: Kept, lang: str) -> str:
    """What counting does: what is owed now and then, and what of it would be too much even so."""
    now, then = words.money(look.left, lang), words.money(look.left_after, lang)
    lines = [words.text(lang, "desk.kept.count", debtor=look.case.debtor.name, left=now, after=then)]
    if look.over_after:
        lines.append(words.text(lang, "desk.kept.over", amount=words.money(look.over_after, lang)))
    return "\n".join(lines)
