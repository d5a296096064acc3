"""The catalogue, filled with Sara Lind's figures, gives every golden transcript word for word."""

from datetime import UTC, date, datetime

import pytest

from core import words
from tests.golden.parser import Screen, golden, plain

JULY_31 = date(2025, 7, 31)
AUGUST_4 = date(2025, 8, 4)
PAID_AT = datetime(2025, 7, 31, 12, 7, tzinfo=UTC)
RECEIPT = "10000180-1"
#: Screens whose words depend on more than the catalogue: they are driven and compared in `tests/dialogs`.
DRIVEN = {
    *("dispute.scope", "dispute.part.done", "dispute.answer", "dispute.cannot_pay"),
    *("plan.offers", "plan.refused", "plan.terms", "plan.done", "time.ask", "time.done", "hard", "hard.done"),
}


class Sara:
    """The lines of each screen with the figures of 31 July 2025, in one language."""

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.sv = lang == "sv"

    def t(self, key: str, **values: object) -> str:
        return words.text(self.lang, key, **values)

    def money(self, ore: int) -> str:
        return words.money(ore, self.lang)

    def day(self, on: date) -> str:
        return words.day(on, self.lang)

    def last(self, on: date) -> str:
        return words.deadline(on, JULY_31, self.lang)

    def parts(self, principal: int = 100000) -> list[str]:
        sums = {"principal": principal, "interest": 822, "reminder": 6000, "demand": 18000}
        return [self.t(f"part.{kind}", amount=words.amount(ore, self.lang)) for kind, ore in sums.items()]

    def invoice(self) -> str:
        return self.t("claim.invoice", number="5512")

    def case(self) -> str:
        total = self.t(
            "case.today",
            day=self.day(JULY_31),
            total=self.money(124822),
            parts=words.listed(self.parts(), self.lang),
        )
        head = self.t("case.head", creditor="Norrhjul AB", what=self.invoice())
        return lines(head, total, self.t("case.deadline", deadline=self.last(AUGUST_4)))

    def owe(self) -> str:
        law = self.t("owe.interest.law", reference=words.percent(200, self.lang), points=words.points(800, self.lang))
        interest = words.plural(
            self.lang,
            "owe.interest",
            30,
            period=words.period(date(2025, 7, 2), JULY_31, self.lang),
            amount=self.money(822),
            rate=words.percent(1000, self.lang),
            base=self.money(100000),
            reason=law,
        )
        principal = self.t(
            "owe.principal",
            what=words.capital(self.invoice()),
            ground="service av cykel 28 maj" if self.sv else "bicycle service 28 May",
            amount=self.money(100000),
            due=self.day(date(2025, 7, 1)),
        )
        letter = self.t("owe.letter", amount=self.money(124603), deadline=self.last(AUGUST_4))
        return lines(
            self.t("owe.head", day=words.day_year(JULY_31, self.lang)),
            principal,
            interest,
            self.t("owe.reminder", day=self.day(date(2025, 7, 11)), amount=self.money(6000)),
            self.t("owe.demand", day=self.day(date(2025, 7, 23)), amount=self.money(18000)),
            self.t("owe.total", total=self.money(124822)) + " " + letter,
            self.t("owe.per_day", per_day=words.per_day(27, self.lang), day=self.day(date(2025, 8, 14))),
        )

    def next(self) -> str:
        final = self.t("next.final", day=self.day(date(2025, 8, 5)), deadline=self.last(date(2025, 8, 13)))
        fee = words.kronor(30000, self.lang)
        return lines(
            self.t("next.deadline", deadline=self.last(AUGUST_4)),
            final,
            self.t("next.decision", day=self.day(date(2025, 8, 14)), creditor="Norrhjul", fee=fee),
            self.t("next.avoid"),
        )

    def received(self, ore: int, at: datetime) -> str:
        return self.t(
            "pay.done",
            amount=self.money(ore),
            method=self.t("pay.method.swish"),
            when=words.moment(at, self.lang),
            receipt=RECEIPT,
        )

    def pay_done(self) -> str:
        settled = words.capital(", ".join(self.parts()))
        return lines(
            self.received(124822, PAID_AT),
            self.t("pay.done.parts", parts=settled, left=words.kronor(0, self.lang)),
            self.t("pay.done.closed", creditor="Norrhjul"),
        )

    def pay_part_done(self) -> str:
        left = self.t(
            "pay.part.done",
            left=self.money(74822),
            per_day=words.per_day(20, self.lang),
            deadline=self.last(AUGUST_4),
        )
        return lines(self.received(50000, PAID_AT.replace(minute=9)), left)

    def pay_check(self) -> str:
        covered = [
            self.t("part.fees", amount=words.amount(24000, self.lang)),
            self.t("part.interest", amount=words.amount(822, self.lang)),
        ]
        first = self.t(
            "pay.check.first",
            amount=words.kronor(50000, self.lang),
            parts=words.listed(covered, self.lang),
            principal=words.amount(25178, self.lang),
        )
        left = self.t("pay.check.left.deadline", left=self.money(74822), deadline=self.last(AUGUST_4))
        return f"{first} {left}\n{{note.ack}}"

    def pay_bank(self) -> str:
        return self.t(
            "pay.bank",
            amount=self.money(124822),
            bankgiro="991-2346",
            ocr="10000180",
            payee=self.t("pay.payee", agency="Schysst"),
            deadline=self.last(date(2025, 8, 5)),
        )

    def paid_done(self) -> str:
        asked, until = self.day(date(2025, 7, 18)), self.last(date(2025, 8, 5))
        fee = words.kronor(18000, self.lang)
        return lines(
            self.t("paid.done", amount=self.money(100000), day=asked, until=until, receipt=RECEIPT),
            self.t("paid.done.fee", day=self.day(date(2025, 7, 23)), fee=fee),
            self.t("paid.done.else"),
        )

    def dispute_done(self) -> str:
        when = words.moment(PAID_AT.replace(minute=20), self.lang)
        days = {"answer_by": self.day(date(2025, 8, 14)), "reply_by": self.day(date(2025, 8, 21))}
        return lines(
            words.plural(self.lang, "dispute.done.files", 1, when=when, receipt=RECEIPT),
            self.t("dispute.done.all", amount=self.money(124822)),
            self.t("dispute.done.answer", creditor="Norrhjul", **days),
            self.t("dispute.done.court"),
        )

    def person_chat(self) -> str:
        said = "Hej Sara, nu läser jag ditt ärende." if self.sv else "Hello Sara, I am reading your case now."
        says = self.t("person.says", name="Amira", text=said)
        return lines(says, self.t("person.left.deadline", name="Amira", deadline=self.last(date(2025, 8, 8))))

    def creditor_paid(self) -> str:
        paid = self.t(
            "creditor.paid",
            debtor="Sara Lind",
            ocr="10000180",
            amount=self.money(124822),
            day=words.day_year(JULY_31, self.lang),
            payout=self.money(94000),
            principal=words.amount(100000, self.lang),
            vat=words.amount(6000, self.lang),
            fees=words.amount(24000, self.lang),
        )
        return lines(paid, self.t("creditor.paid.payout", payout_on="{payout_on}"))

    def creditor_decide(self) -> str:
        costs = {"fee": words.kronor(30000, self.lang), "payout": self.money(114500)}
        reminders = words.listed(["7", "21", "60"], self.lang)
        return lines(
            self.t("creditor.decide", day=self.day(date(2025, 8, 13)), ocr="10000180", amount=self.money(125205)),
            self.t("creditor.decide.kronofogden", **costs),
            self.t("creditor.decide.others", monitor_cost="{monitor_cost}", closing_cost="{closing_cost}"),
            self.t("creditor.decide.proposal", proposal="{proposal}", why="{why}", reminders=reminders),
        )

    def queue(self) -> str:
        asked = "Kan jag betala hälften nu?" if self.sv else "Can I pay half now?"
        return self.t("queue.line", place=1, ocr="10000180", creditor="Norrhjul", text=asked, since="14.31")

    def creditor_registered(self) -> str:
        plan = self.t(
            "creditor.registered.reminder",
            reminder=self.day(date(2025, 7, 11)),
            demand=self.day(date(2025, 7, 23)),
        )
        amount = self.money(100000)
        what = self.invoice()
        return self.t("creditor.registered", ocr="10000180", debtor="Sara Lind", what=what, amount=amount, plan=plan)

    def creditor_disputed(self) -> str:
        ground = "arbetet är dåligt gjort" if self.sv else "the work is faulty"
        answer_by = self.day(date(2025, 8, 14))
        return self.t("creditor.disputed", debtor="Sara Lind", ocr="10000180", ground=ground, answer_by=answer_by)

    def composed(self) -> dict[str, str]:
        """Screens that are put together from several keys."""
        bare = {
            "case": self.case,
            "owe": self.owe,
            "next": self.next,
            "pay.done": self.pay_done,
            "pay.part.done": self.pay_part_done,
            "pay.check": self.pay_check,
            "pay.bank": self.pay_bank,
            "paid.done": self.paid_done,
            "dispute.done": self.dispute_done,
            "person.chat": self.person_chat,
            "creditor.registered": self.creditor_registered,
            "creditor.disputed": self.creditor_disputed,
            "creditor.paid": self.creditor_paid,
            "creditor.decide": self.creditor_decide,
            "queue": self.queue,
        }
        made = {name: write() for name, write in bare.items()}
        made["stop.done"] = lines(self.t("stop.done"), self.t("stop.done.case"))
        made["error.code"] = words.plural(self.lang, "error.code", 4, number=words.number(4, self.lang))
        made["confirm"] = self.t("confirm.paid")
        made["wrong.2"] = ""
        return made

    def values(self) -> dict[str, object]:
        """What fills the screens that are a single key."""
        return {
            "first_name": "Sara",
            "total": self.money(124822),
            "amount": self.money(124822),
            "payee": "Schysst",
            "minutes": words.number(3, self.lang),
            "place": 2,
            "wait": "en kvart" if self.sv else "15 minutes",
            "day": self.last(date(2025, 8, 1)),
            "opens": "9" if self.sv else "9 am",
            "answer": "12" if self.sv else "noon",
            "example": "K7Q4-M2XD",
            "bankgiro": "991-2346",
            "swish": "123 118 11 89",
            "tries": words.number(5, self.lang),
            "hours": 24,
            "size": 14,
            "limit": 10,
            "filed_by": "{filed_by}",
            "debtor": "Sara Lind",
            "channel": self.t("channel.web"),
            "at": "14.36",
        }

    def screen(self, name: str) -> str:
        composed = self.composed()
        if name in composed:
            return composed[name]
        values = self.values()
        special: dict[str, dict[str, object]] = {
            "verify.genuine": {"day": words.day_year(date(2025, 7, 23), self.lang)},
            "creditor.decide.confirm": {"fee": words.kronor(30000, self.lang)},
            "creditor.decide.disputed": {"fee": words.kronor(90000, self.lang)},
        }
        return self.t(name, **(values | special.get(name, {})))


def lines(*texts: str) -> str:
    return "\n".join(texts)


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize("name", [name for name in golden() if name not in DRIVEN])
def test_the_catalogue_gives_the_golden_words(name: str, lang: str) -> None:
    assert plain(Sara(lang).screen(name)) == golden()[name].text(lang)


def button_texts(lang: str) -> set[str]:
    """All buttons of the catalogue, filled as the transcripts fill them."""
    values = {"amount": words.kronor(50000, lang), "fee": words.kronor(30000, lang), "place": 1, "creditor": "Norrhjul"}
    keys = [m.id for m in words.domains(lang)["chat"] if str(m.id).startswith("btn.")]
    return {plain(words.text(lang, str(key), **values)) for key in keys}


@pytest.mark.parametrize("lang", ["sv", "en"])
@pytest.mark.parametrize(
    "screen", [s for name, s in golden().items() if name not in DRIVEN and name != "language"], ids=lambda s: s.id
)
def test_every_golden_button_is_in_the_catalogue(screen: Screen, lang: str) -> None:
    missing = set(screen.buttons(lang)) - button_texts(lang)
    assert not missing


@pytest.mark.parametrize("screen", golden().values(), ids=lambda s: s.id)
def test_a_screen_has_at_most_six_buttons_the_person_and_a_way_back_last(screen: Screen) -> None:
    assert len(screen.choices) <= 6


def test_the_parser_knows_joined_screens_and_remembers_buttons() -> None:
    assert golden()["id.done"].joined
    assert not golden()["id.where"].joined
    assert golden()["id.code"].buttons("en") == ("Use BankID", "Talk to a person", "Go back")
    assert golden()["pay.done"].buttons("sv")[-1] == "Gå till översikten"
    assert golden()["start"].buttons("sv")[-2:] == ("Prata med en människa", "Byt språk")
