"""What people have signed, word for word, and the proof of it. A thing is signed once."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from core.store.self_service_models import Signature


@dataclass(frozen=True, slots=True, repr=False)
class SignatureRow:
    """One signature. ``how`` is ``bankid`` or ``code``; ``signature`` and ``ocsp`` are BankID's, kept as they came."""

    id: int
    debtor_id: int
    case_id: int | None
    purpose: str
    subject: str
    how: str
    text: str
    sha256: str
    signature: str
    ocsp: str
    signed_at: datetime

    def __repr__(self) -> str:
        return f"SignatureRow({self.id}, {self.purpose})"


async def add(
    debtor_id: int,
    case_id: int | None,
    what: tuple[str, str],
    how: str,
    text: str,
    proof: tuple[str, str],
    at: datetime,
) -> tuple[SignatureRow, bool]:
    """Keep a signature under ``what`` (purpose, subject); the one that is there already, and whether this is new."""
    purpose, subject = what
    found, new = await Signature.get_or_create(
        purpose=purpose,
        subject=subject,
        defaults={
            "debtor_id": debtor_id,
            "case_id": case_id,
            "how": how,
            "text": text,
            "sha256": hashlib.sha256(text.encode()).hexdigest(),
            "signature": proof[0],
            "ocsp": proof[1],
            "signed_at": at,
        },
    )
    return _row(found), new


async def get(signature_id: int) -> SignatureRow | None:
    found = await Signature.get_or_none(id=signature_id)
    return _row(found) if found else None


async def of(purpose: str, subject: str) -> SignatureRow | None:
    """The signature under a thing, if it is signed."""
    found = await Signature.get_or_none(purpose=purpose, subject=subject)
    return _row(found) if found else None


async def of_debtor(debtor_id: int) -> tuple[SignatureRow, ...]:
    """Everything that a person has signed, oldest first."""
    return tuple(_row(found) for found in await Signature.filter(debtor_id=debtor_id).order_by("id"))


def _row(found: Signature) -> SignatureRow:
    return SignatureRow(
        found.id,
        found.debtor_id,
        found.case_id,
        found.purpose,
        found.subject,
        found.how,
        found.text,
        found.sha256,
        found.signature,
        found.ocsp,
        found.signed_at,
    )
