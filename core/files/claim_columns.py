"""The columns of a claims file, as creditors may name them. One row of the file is one claim (fordran)."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, other names that are understood, what it means, an example for the template."""

    name: str
    what: str
    example: str = ""
    required: bool = False
    aliases: tuple[str, ...] = ()


COLUMNS: tuple[Column, ...] = (
    Column(
        "creditor_number",
        "The creditor's organisation number.",
        "556036-0793",
        required=True,
        aliases=("borgenär_nr", "borgenärsnummer", "borgenär_orgnr", "borgenärens_orgnr", "creditor_org_no"),
    ),
    Column("creditor_name", "The creditor's name.", "Norrhjul AB", required=True, aliases=("borgenär", "creditor")),
    Column(
        "debtor_kind",
        "`person` or `organisation`. Default: what the number says.",
        "person",
        aliases=("gäldenärstyp", "debtor_type"),
    ),
    Column(
        "debtor_number",
        "Personal, coordination or organisation number.",
        "811228-9841",
        required=True,
        aliases=("personnummer", "person_orgnr", "gäldenär_nr", "gäldenärsnummer", "kund_nr", "personal_number"),
    ),
    Column(
        "debtor_name", "The debtor's name.", "Sara Lind", required=True, aliases=("gäldenär", "namn", "kund", "debtor")
    ),
    Column(
        "street", "Street address, or box.", "Storgatan 1", required=True, aliases=("gatuadress", "adress", "address")
    ),
    Column("postcode", "Five digits in Sweden.", "114 55", required=True, aliases=("postnummer", "postnr", "zip")),
    Column("city", "Post town.", "Stockholm", required=True, aliases=("postort", "ort", "stad")),
    Column("country", "Two letters. Default `SE`.", "SE", aliases=("land",)),
    Column("email", "For announcements without content.", "", aliases=("e_post", "epost", "e_mail", "mail")),
    Column(
        "phone",
        "A number that rings; `070-123 45 67` is read as Swedish.",
        "",
        aliases=("telefon", "mobil", "mobilnummer", "telefonnummer", "mobile"),
    ),
    Column("language", "Two letters. Default `sv`.", "sv", aliases=("språk",)),
    Column(
        "invoice_no",
        "Invoice number, unique for each creditor.",
        "5512",
        required=True,
        aliases=("fakturanummer", "fakturanr", "faktura", "invoice_number", "invoice"),
    ),
    Column("invoice_date", "Date of the invoice.", "2025-05-30", required=True, aliases=("fakturadatum",)),
    Column(
        "ground",
        "What was bought and when, in words that the debtor recognises (inkassolagen 5 §). At least 8 characters.",
        "Cykelservice 28 maj 2025",
        required=True,
        aliases=("grund", "avser", "beskrivning", "description"),
    ),
    Column(
        "origin_date",
        "Day on which the debt arose: limitation and the guard for minors count from it. Default: the invoice date.",
        "2025-05-28",
        aliases=("uppkomstdatum", "uppkom", "avtalsdatum", "köpdatum"),
    ),
    Column("due_date", "Due date.", "2025-07-01", required=True, aliases=("förfallodatum", "förfallodag")),
    Column(
        "amount",
        "What is left of the principal, in kronor: `1000`, `1 000,00`, `1000.00`. No interest, no fees.",
        "1000,00",
        required=True,
        aliases=("belopp", "kapital", "principal", "kapitalbelopp"),
    ),
    Column(
        "kind",
        "`consumer`, `business`, `consumer_credit` or `rent`. Default: consumer for a person, else business.",
        "consumer",
        aliases=("typ", "slag", "fordringstyp"),
    ),
    Column(
        "reminder_fee_agreed_on",
        "Day on which a reminder fee was agreed; `yes`: when the debt arose. Empty or `no`: none is charged.",
        "yes",
        aliases=("påminnelseavgift_avtalad", "reminder_fee_agreed"),
    ),
    Column(
        "interest",
        "`none`, `reference+8` (default, räntelagen 6 §), `reference+` another number, or a yearly rate: `12,5`.",
        "reference+8",
        aliases=("ränta", "dröjsmålsränta", "interest_rate"),
    ),
    Column(
        "interest_from",
        "The day from which interest runs; the day after it is the first that costs. Default: the due date.",
        "",
        aliases=("ränta_från", "räntedatum"),
    ),
    Column(
        "day_count",
        "`ACT/ACT` (default, as Kronofogden counts), `ACT/365F` or `30E/360`.",
        "ACT/ACT",
        aliases=("dagräkning", "räntedagar"),
    ),
    Column(
        "creditor_reminder_fee",
        "What the creditor has already charged for a reminder, in kronor, at most 60 and only if agreed.",
        "",
        aliases=("påminnelseavgift", "reminder_fee"),
    ),
    Column(
        "late_compensation",
        "`yes` for 450 kr from a business that is late (lag (1981:739) 4 a §). Default `no`.",
        "no",
        aliases=("förseningsersättning",),
    ),
    Column(
        "original_creditor",
        "If the claim was assigned: from whom.",
        "",
        aliases=("ursprunglig_borgenär", "tidigare_borgenär"),
    ),
    Column("assigned_on", "If the claim was assigned: when.", "", aliases=("överlåten", "överlåtelsedatum")),
    Column(
        "undisputed",
        "`no` refuses the row: disputed or unclear claims are not taken. `yes`, empty or no such column: by handing the"
        " claim over, the creditor says that it is neither.",
        "yes",
        aliases=("obestridd", "ostridig"),
    ),
)

REQUIRED = tuple(column.name for column in COLUMNS if column.required)


def column_named(header: str) -> str | None:
    """The column that a header cell means, whatever its case, spaces and hyphens; None if it is none of ours."""
    return _BY_HEADER.get(_plain(header))


def columns_doc() -> str:
    """The columns as a table for README.md."""
    lines = ["| column | also understood | meaning |", "|---|---|---|"]
    for column in COLUMNS:
        also = ", ".join(f"`{alias}`" for alias in column.aliases)
        what = f"**Required.** {column.what}" if column.required else column.what
        lines.append(f"| `{column.name}` | {also} | {what} |")
    return "\n".join(lines) + "\n"


def template() -> str:
    """A file to start from: all columns and one example row, with semicolons as Swedish spreadsheets write them."""
    names = ";".join(column.name for column in COLUMNS)
    return f"{names}\n{';'.join(column.example for column in COLUMNS)}\n"


def _plain(header: str) -> str:
    return re.sub(r"[\s\-./_]+", "_", header.strip().casefold()).strip("_")


_BY_HEADER = {_plain(name): column.name for column in COLUMNS for name in (column.name, *column.aliases)}
