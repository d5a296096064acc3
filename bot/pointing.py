"""What a pointer holds: a personal link, the code that shows it to be genuine, and where anybody can check that.

Nothing else goes to a debtor over an open wire, be it an SMS or a mail: no creditor, no amount, no word of the matter.
"""

from dataclasses import dataclass
from typing import Final

from core.services import doors
from core.services.house import House

#: Where the link leads that ends our mails to an address.
STOP: Final = "/stop"


@dataclass(frozen=True, slots=True, repr=False)
class Pointer:
    """The values of a pointer's words. ``link`` opens a conversation and no case."""

    link: str
    verify_url: str
    verify_code: str

    @property
    def kept(self) -> "Pointer":
        """The same without the link's token: of what opens something we keep hashes only."""
        return Pointer(f"{self.link.rpartition('/')[0]}/…", self.verify_url, self.verify_code)


async def pointer_values(house: House, notice_key: str, verify_code: str) -> Pointer:
    """The pointer of a notice. Asked again for the same notice it is the same, link and all.

    Raises LookupError for a notice that is no debtor's.
    """
    token = await doors.pointer_link(house, notice_key)
    return Pointer(f"{house.public_url}/c/{token}", house.agency.verify_url, verify_code)
