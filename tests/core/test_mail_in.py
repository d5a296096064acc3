"""Mails as they really come in: answers with quotes of all programs, bounces of all servers, machines that answer."""

import time
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from core.mail_ids import message_id
from core.mail_in import Arrived, Bounce, Fate, Said, as_facts, of_facts, read, said

MAC = "0123456789abcdef01234567"
OURS = message_id("42", MAC, "schysst.example")
NAMED = (("42", MAC),)


def written(text: str, subject: str = "Re: Du har ett meddelande hos Schysst", html: str = "", **headers: str) -> bytes:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "Sara Lind <Sara.Lind@example.org>"
    mail["To"] = "hej@schysst.example"
    mail["Subject"] = subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    if text:
        mail.set_content(text)
    if html:
        mail.add_alternative(html, subtype="html") if text else mail.set_content(html, subtype="html")
    return mail.as_bytes()


def arrived(raw: bytes) -> Arrived:
    found = read(raw)
    assert isinstance(found, Arrived)
    return found


def bounced(raw: bytes) -> Bounce:
    found = read(raw)
    assert isinstance(found, Bounce)
    return found


GMAIL_SV = """Jag har redan betalat den här.

Den tors 31 juli 2025 kl 14:02 skrev Schysst <hej@schysst.example>:

> Hej. Vi har ett meddelande till en viss person.
> Fel person? Svara FEL.
"""
GMAIL_WRAPPED = """Jag har redan betalat den här.

On Thu, 31 Jul 2025 at 14:02, A very long name of somebody who writes
<hej@schysst.example> wrote:

> Hej.
"""
OUTLOOK = """Jag har redan betalat den här.

________________________________
Från: Schysst <hej@schysst.example>
Skickat: den 31 juli 2025 14:02
Till: Sara Lind
Ämne: Du har ett meddelande hos Schysst

Hej. Vi har ett meddelande. Svara STOPP.
"""
OUTLOOK_NO_RULE = """Jag har redan betalat den här.

From: Schysst <hej@schysst.example>
Sent: Thursday, 31 July 2025 14:02
To: Sara Lind

Hej.
"""
OLD_OUTLOOK = """Jag har redan betalat den här.

-----Ursprungligt meddelande-----
Från: Schysst
Hej.
"""
APPLE = """Jag har redan betalat den här.

Skickat från min iPhone

> 31 juli 2025 kl. 14:02 skrev Schysst <hej@schysst.example>:
> 
> Hej.
"""
GMAIL_AR = """لقد دفعت هذا بالفعل.

في الخميس، ٣١ يوليو ٢٠٢٥ في ١٤:٠٢ تمت كتابة ما يلي بواسطة \u200fSchysst\u200f <\u200fhej@schysst.example\u200f>:

> مرحبًا. لدينا رسالة.
"""
SIGNED = "Jag har redan betalat den här.\n\n-- \nSara Lind\n070-174 06 05\n"


@pytest.mark.parametrize("text", [GMAIL_SV, GMAIL_WRAPPED, OUTLOOK, OUTLOOK_NO_RULE, OLD_OUTLOOK, APPLE, SIGNED])
def test_only_the_persons_own_words_are_taken(text: str) -> None:
    assert arrived(written(text)).text == "Jag har redan betalat den här."


def test_arabic_words_end_where_the_quote_begins() -> None:
    assert arrived(written(GMAIL_AR)).text == "لقد دفعت هذا بالفعل."


def test_what_stands_between_quoted_lines_is_the_persons() -> None:
    found = arrived(written("> Fel person?\nNej, men beloppet är fel.\n> Svara STOPP.\nRing mig kl 10: 070.\n"))
    assert found.text == "Nej, men beloppet är fel.\nRing mig kl 10: 070."


def test_html_alone_is_read_without_its_quotes() -> None:
    html = (
        "<html><head><style>p{color:red}</style></head><body><div>Jag har <b>redan</b> betalat&nbsp;den.</div>"
        '<div>Hälsningar<br>Sara</div><div class="gmail_quote"><div class="gmail_attr">Den 31 juli skrev Schysst:</div>'
        "<blockquote>Hej. Svara STOPP.</blockquote></div></body></html>"
    )
    assert arrived(written("", html=html)).text == "Jag har redan betalat den.\nHälsningar\nSara"


def test_old_charsets_and_lies_about_them_are_read() -> None:
    latin = b"From: a@b.example\r\nContent-Type: text/plain; charset=iso-8859-1\r\n\r\nR\xe4tt s\xe5\r\n"
    assert arrived(latin).text == "Rätt så"
    assert (
        arrived(latin.replace(b"iso-8859-1", b"x-none").replace(b"R\xe4tt s\xe5", "Rätt så".encode())).text == "Rätt så"
    )


def test_it_names_the_mail_that_it_answers() -> None:
    earlier = message_id("7", MAC, "schysst.example")
    found = arrived(written("Ja", In_Reply_To=OURS, References=f"{earlier} <x@y.example> {OURS}"))
    assert found.ours == (("42", MAC), ("7", MAC))
    assert found.sender == "sara.lind@example.org"


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("STOPP", Said.STOP),
        ("stop.", Said.STOP),
        ("Stopp!\n\nMvh Sara Lind", Said.STOP),
        ("FEL", Said.WRONG),
        ("Fel person", Said.WRONG),
        ("WRONG", Said.WRONG),
        ("Fel belopp", None),
        ("Stoppa det här, jag har betalat", None),
        ("Det är inte fel", None),
    ],
)
def test_one_word_is_enough_and_a_sentence_is_for_a_person(text: str, meant: Said | None) -> None:
    assert said(text.partition("\n")[0]) == meant
    assert arrived(written(f"{text}\n\n{GMAIL_SV.partition(chr(10))[2]}")).said == meant


def test_what_else_is_written_below_the_word_is_not_lost() -> None:
    assert not arrived(written("STOPP\n\nMvh Sara Lind")).more
    assert arrived(written("STOPP\n\nJag har redan betalat det här två gånger.")).more


def test_the_word_may_stand_in_the_subject_alone() -> None:
    assert arrived(written("", subject="STOPP", html="<p></p>")).said is Said.STOP
    assert arrived(written("Hej, vad gäller det?", subject="STOPP")).said is None


def test_a_mail_programs_own_unsubscribing_bears_the_token() -> None:
    found = arrived(written("Skickat av e-postprogrammet", subject=f"STOPP {'a' * 40}"))
    assert (found.said, found.token) == (Said.STOP, "a" * 40)


@pytest.mark.parametrize(
    ("subject", "headers"),
    [
        ("Automatiskt svar: Du har ett meddelande", {}),
        ("Automatic reply: You have", {}),
        ("Re: x", {"Auto_Submitted": "auto-replied"}),
        ("Re: x", {"Precedence": "bulk"}),
        ("Re: x", {"X_Autoreply": "yes"}),
    ],
)
def test_machines_are_known(subject: str, headers: dict[str, str]) -> None:
    assert arrived(written("Jag är på semester. Stopp.", subject, **headers)).auto


def test_people_are_no_machines() -> None:
    assert not arrived(written("Ja", Auto_Submitted="no", X_Auto_Response_Suppress="All")).auto


def test_attachments_are_counted_and_their_texts_are_no_words() -> None:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = "a@b.example"
    mail.set_content("Se bilagan")
    mail.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="kvitto.pdf")
    mail.add_attachment("STOPP", filename="a.txt")
    found = arrived(mail.as_bytes())
    assert (found.text, found.attachments) == ("Se bilagan", 2)


# Bounces


def dsn(status: str, action: str = "failed", diagnostic: str = "", original: str = "text/rfc822-headers") -> bytes:
    """As Postfix writes it; Exchange and Gmail differ in the words only."""
    return "\r\n".join(
        [
            "From: MAILER-DAEMON@mx.example (Mail Delivery System)",
            "To: hej@schysst.example",
            "Subject: Undelivered Mail Returned to Sender",
            "Auto-Submitted: auto-replied",
            "MIME-Version: 1.0",
            'Content-Type: multipart/report; report-type=delivery-status; boundary="B"',
            "",
            "--B",
            "Content-Type: text/plain; charset=us-ascii",
            "",
            "I'm sorry to have to inform you that your message could not be delivered.",
            "--B",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example",
            "Arrival-Date: Thu, 31 Jul 2025 14:02:00 +0200 (CEST)",
            "",
            "Final-Recipient: rfc822; Sara@Example.org",
            "Original-Recipient: rfc822;sara@example.org",
            f"Action: {action}",
            f"Status: {status}",
            "Remote-MTA: dns; mx.example.org",
            f"Diagnostic-Code: smtp; {diagnostic or '550 no'}",
            "",
            "--B",
            f"Content-Type: {original}",
            "",
            "From: Schysst <hej@schysst.example>",
            f"Message-ID: {OURS}",
            "Subject: =?utf-8?q?Du_har?=",
            "",
            "--B--",
            "",
        ]
    ).encode()


@pytest.mark.parametrize(
    ("status", "action", "diagnostic", "fate"),
    [
        ("5.1.1", "failed", "550 5.1.1 User unknown", Fate.DEAD),
        ("5.1.10", "failed", "550 5.1.10 RESOLVER.ADR.RecipientNotFound", Fate.DEAD),
        ("5.2.1", "failed", "550 5.2.1 The email account is disabled", Fate.DEAD),
        ("5.0.0", "failed", "550 5.1.1 no such user", Fate.DEAD),
        ("5.4.4", "failed", "Host not found", Fate.DEAD),
        ("5.2.2", "failed", "552 5.2.2 mailbox full", Fate.FAILED),
        ("5.7.1", "failed", "550 5.7.1 looks like spam", Fate.FAILED),
        ("4.4.7", "failed", "delivery time expired", Fate.FAILED),
        ("4.4.1", "delayed", "connection timed out", Fate.LATER),
        ("2.0.0", "delivered", "250 ok", Fate.LATER),
    ],
)
@pytest.mark.parametrize("original", ["text/rfc822-headers", "message/rfc822"])
def test_a_report_says_what_became_of_the_mail(
    status: str, action: str, diagnostic: str, fate: Fate, original: str
) -> None:
    found = bounced(dsn(status, action, diagnostic, original))
    assert (found.recipient, found.fate, found.ours) == ("sara@example.org", fate, NAMED)


QMAIL = f"""From: MAILER-DAEMON@mx.example
To: hej@schysst.example
Subject: failure notice

Hi. This is the qmail-send program at mx.example.
I'm afraid I wasn't able to deliver your message to the following addresses.

<sara@example.org>:
550 sorry, no mailbox here by that name (#5.1.1)

--- Below this line is a copy of the message.
Message-ID: {OURS}
"""
EXIM = f"""From: Mail Delivery System <Mailer-Daemon@mx.example>
To: hej@schysst.example
X-Failed-Recipients: sara@example.org
Auto-Submitted: auto-replied
Subject: Mail delivery failed: returning message to sender

A message that you sent could not be delivered. This is a permanent error.

  sara@example.org
    host mx.example.org: 550 unknown user

Message-ID: {OURS}
"""


@pytest.mark.parametrize("text", [QMAIL, EXIM])
def test_bounces_from_before_there_was_a_form(text: str) -> None:
    found = bounced(text.replace("\n", "\r\n").encode())
    assert (found.recipient, found.fate, found.ours) == ("sara@example.org", Fate.DEAD, NAMED)


def test_a_person_who_writes_about_a_bounce_is_a_person() -> None:
    assert isinstance(read(written("Ert brev kom i retur", "Undeliverable?")), Arrived)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe",
        b"From: =?x?q?=?= <\r\nSubject: =?utf-8?b?!!!?=\r\n\r\nhej",
        b'Content-Type: multipart/mixed; boundary="a"\r\n\r\n--a\r\n--a\r\n' * 50,
        b"Content-Type: multipart/report; report-type=delivery-status\r\n\r\n",
        b"Content-Type: message/delivery-status\r\n\r\nFinal-Recipient: x\r\n",
        b"Content-Type: text/html\r\n\r\n" + b"<div>" * 20_000,
    ],
)
def test_what_nobody_can_read_is_a_mail_without_words(raw: bytes) -> None:
    read(raw)


@pytest.mark.parametrize("raw", [written("STOPP", In_Reply_To=OURS), dsn("5.1.1")])
def test_a_mail_keeps_its_meaning_in_the_inbox(raw: bytes) -> None:
    found = read(raw)
    assert of_facts(as_facts(found)) == found


@pytest.mark.parametrize(
    "head",
    [
        b"From: " + b'"' * 50_000,
        b"From: " + b"(" * 50_000,
        b"From: a@example.org\r\nContent-Type: " + b"(" * 50_000,
        b"From: a@example.org\r\nSubject: " + b"=?utf-8?q?a?= " * 20_000,
        b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (n, n) for n in range(2_000)),
    ],
)
def test_a_mail_made_to_be_hard_to_read_takes_no_time(head: bytes) -> None:
    began = time.process_time()
    assert isinstance(read(head + b"\r\n\r\nHej"), Arrived)
    assert time.process_time() - began < 10, "unbounded, the first of them takes minutes"


def test_a_thread_without_end_still_names_the_nearest_mail_of_ours() -> None:
    references = " ".join(f"<{n}@example.org>" for n in range(2_000)) + f" {OURS}"
    found = read(f"From: a@example.org\r\nReferences: {references}\r\n\r\nHej".encode())
    assert found.ours == NAMED
