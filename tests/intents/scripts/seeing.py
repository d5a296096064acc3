"""Seeing everything: cases, statements, what happened, documents, receipts."""

from tests.intents.script import Scene, Start, intent

SEE = "See"


@intent(SEE, "See all cases", Start.BANKID)
async def all_cases(p: Scene) -> None:
    """Every creditor's, with what each has and where it stands."""
    await p.another_case()
    await p.start()
    p.said("Du har två ärenden här.", "You have two cases here.")
    await p.tap("Solros 10000289", "Solros 10000289")
    p.said("faktura 77", "invoice 77")
    await p.press("btn.more")
    await p.press("btn.cases")


@intent(SEE, "See how the sum was counted")
async def statement(p: Scene) -> None:
    """Every line with its reason, and what happens next."""
    await p.press("btn.details")
    p.said("Summa: 1 248,22 kr.", "Total: SEK 1,248.22.")
    await p.press("btn.next")
    p.said("14 augusti väljer Norrhjul", "On 14 August Norrhjul chooses")


@intent(SEE, "Count to another day")
async def statement_on_a_day(p: Scene) -> None:
    """Any day, past or to come, as a screen and as a document."""
    await p.press("btn.details")
    await p.press("btn.pdf")
    await p.press("btn.other_day")
    await p.tap("Räkna till 4 augusti", "Count to 4 August")
    p.said("Summa 4 augusti 2025: 1 249,32 kr.", "Total on 4 August 2025: SEK 1,249.32.")


@intent(SEE, "See what changed between two days")
async def between_two_days(p: Scene) -> None:
    """Each line that was added between them, with its reason."""
    await p.press("btn.details")
    await p.say("11 juli och 31 juli", "11 July and 31 July")
    p.said("Det är 185,48 kr mer.", "That is SEK 185.48 more.")


@intent(SEE, "See all that has happened")
async def timeline(p: Scene) -> None:
    """What was sent, word for word and how it went, and what was booked."""
    await p.press("btn.more")
    await p.press("btn.timeline")
    p.said("Vi skickade ett krav.", "We sent a demand.")
    await p.tap("Krav 23 juli", "Demand 23 July")
    p.said("lämnades till tryck och post", "handed to print and post")


@intent(SEE, "Get the letters")
async def documents(p: Scene) -> None:
    """Every letter can be read here, and kept."""
    await p.press("btn.more")
    await p.press("btn.files")
    await p.tap("Krav 23 juli", "Demand 23 July")
    p.said("Inkassokrav", "Inkassokrav")


@intent(SEE, "Get a receipt")
async def receipts(p: Scene) -> None:
    """A payment's receipt is kept in the chat, and stays among the letters."""
    await p.bank_pays(50_000)
    await p.press("btn.receipt")
    assert any(shown.file for shown in p.news)
    await p.start()
    await p.press("btn.more")
    await p.press("btn.files")
    await p.tap("Kvitto 10000180-1", "Receipt 10000180-1")
    p.said("Du hittar det alltid bland dina brev.", "among your letters")
