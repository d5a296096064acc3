"""QR texts and app links, against the texts of their makers."""

import json
from datetime import date

from core.pay_codes import InvoiceQr, swish_app_link, swish_qr, swish_token_qr


def test_a_swish_code_locks_amount_and_message() -> None:
    assert swish_qr("1231181189", 124822, "1000017") == "C1231181189;1248,22;1000017;0"


def test_a_swish_code_may_leave_the_amount_open() -> None:
    assert swish_qr("1231181189", 50000, "1000017", edit_amount=True) == "C1231181189;500,00;1000017;2"


def test_a_token_opens_the_app_on_its_request_and_the_app_comes_back() -> None:
    link = swish_app_link("c28a4061470f4af48973bd2a4642b4fa", "https://schysst.example/pay/abc?x=1")
    assert link == (
        "swish://paymentrequest?token=c28a4061470f4af48973bd2a4642b4fa"
        "&callbackurl=https%3A%2F%2Fschysst.example%2Fpay%2Fabc%3Fx%3D1"
    )
    assert swish_token_qr("c28a") == "Dc28a"


def test_an_invoice_code_holds_what_a_bank_app_fills_in() -> None:
    text = InvoiceQr("Test company AB", "555555-5555", "433-8778", "52456", 124822, date(2013, 4, 8)).text()
    assert json.loads(text) == {
        "uqr": 1,
        "tp": 1,
        "nme": "Test company AB",
        "cid": "555555-5555",
        "iref": "52456",
        "ddt": "20130408",
        "due": 1248.22,
        "pt": "BG",
        "acc": "433-8778",
    }
    assert '"due":1248.22' in text


def test_an_invoice_code_may_name_the_day_of_the_invoice() -> None:
    code = InvoiceQr("A", "5", "991-2346", "1230", 500, date(2025, 8, 4), invoiced=date(2025, 5, 30))
    assert json.loads(code.text())["idt"] == "20250530"
