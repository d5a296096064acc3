"""Seeing everything: cases, statements, what happened, documents, receipts."""

from datetime import date

from tests.intents.script import Scene, Start, by_sms, intent

SEE = "See"


@intent(SEE, "See all cases", Start.BANKID)
async def all_cases(p: Scene) -> None:
    """Every creditor's, with what each has and where it stands."""
    await p.another_case()
    await p.start()
    p.said("Du har två ärenden här.", "You have two cases here.")
    await p.tap("Solros 10000289")
    p.said("faktura 77", "invoice 77")
    await p.press("btn.more")
    await p.press("btn.cases")


@by_sms("all_cases")
async def all_cases_by_sms(p: Scene) -> None:
    await p.another_case()
    await p.start()
    p.said_by_sms("Du har två ärenden.")
    await p.write("2", "0")


@intent(SEE, "See how the sum was counted")
async def statement(p: Scene) -> None:
    """Every line with its reason, and what happens next."""
    await p.press("btn.details")
    p.said("Summa: 1 248,22 kr.", "Total: SEK 1,248.22.")
    await p.press("btn.next")
    p.said("14 augusti väljer Norrhjul", "On 14 August Norrhjul chooses")


@by_sms("statement")
async def statement_by_sms(p: Scene) -> None:
    await p.press("btn.details")
    p.said_by_sms("Summa 1248,22 kr")
    await p.press("btn.next")


@intent(SEE, "Count to another day")
async def statement_on_a_day(p: Scene) -> None:
    """Any day, past or to come, as a screen and as a document."""
    await p.press("btn.details")
    await p.press("btn.pdf")
    await p.press("btn.other_day")
    await p.press("btn.count_to", day=p.written(date(2025, 8, 4)))
    p.said("Summa 4 augusti 2025: 1 249,32 kr.", "Total on 4 August 2025: SEK 1,249.32.")


@by_sms("statement_on_a_day")
async def statement_on_a_day_by_sms(p: Scene) -> None:
    await p.press("btn.details")
    await p.write("0408")
    p.said_by_sms("4 aug: 1249,32 kr.")


@intent(SEE, "See what changed between two days")
async def between_two_days(p: Scene) -> None:
    """Each line that was added between them, with its reason."""
    await p.press("btn.details")
    await p.say("11 juli och 31 juli", "11 July and 31 July", "11/7 31/7")
    p.said("Det är 185,48 kr mer.", "That is SEK 185.48 more.")


@by_sms("between_two_days")
async def between_two_days_by_sms(p: Scene) -> None:
    await p.press("btn.details")
    await p.write("11/7 31/7")
    p.said_by_sms("Skillnad: 185,48 kr.")


@intent(SEE, "See all that has happened")
async def timeline(p: Scene) -> None:
    """What was sent, word for word and how it went, and what was booked."""
    await p.press("btn.more")
    await p.press("btn.timeline")
    p.said("Vi skickade ett krav.", "We sent a demand.")
    await p.press("file.demand", day=p.written(date(2025, 7, 23)))
    p.said("lämnades till tryck och post", "handed to print and post")


@by_sms("timeline")
async def timeline_by_sms(p: Scene) -> None:
    await p.press("btn.more")
    await p.press("btn.timeline")


@intent(SEE, "Get the letters")
async def documents(p: Scene) -> None:
    """Every letter can be read here, and kept."""
    await p.press("btn.more")
    await p.press("btn.files")
    await p.press("file.demand", day=p.written(date(2025, 7, 23)))
    p.said("Inkassokrav", "Inkassokrav")


@by_sms("documents")
async def documents_by_sms(p: Scene) -> None:
    await p.press("btn.more")
    await p.press("btn.files")


@intent(SEE, "Get a receipt")
async def receipts(p: Scene) -> None:
    """A payment's receipt is kept in the chat, and stays among the letters."""
    await p.bank_pays(50_000)
    await p.press("btn.receipt")
    assert any(shown.file for shown in p.news)
    await p.start()
    await p.press("btn.more")
    await p.press("btn.files")
    await p.press("file.receipt", receipt="10000180-1")
    p.said("Du hittar det alltid bland dina brev.", "among your letters")


@by_sms("receipts")
async def receipts_by_sms(p: Scene) -> None:
    await p.bank_pays(50_000)
    await p.later()
    await p.press("btn.more")
    await p.press("btn.files")
