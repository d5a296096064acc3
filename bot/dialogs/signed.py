"""What can be signed with BankID: what a signature brings about, and the screen that the chat then shows."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from bot.dialogs import states
from bot.dialogs.going import Place
from bot.middleware import Visit
from core.services import plans
from core.services.signing import Completion


@dataclass(frozen=True, slots=True)
class Signable:
    """One purpose: ``complete`` runs with the signature, ``place`` names the screen for what was signed (subject)."""

    complete: Completion
    place: Callable[[Visit, str], Awaitable[Place]]


async def _plan(_visit: Visit, subject: str) -> Place:
    return Place(states.Plan.done, {"case": plans.case_of(subject)})


#: By the purpose that `core.services.signing.start_sign` was given.
SIGNABLE: Final[dict[str, Signable]] = {plans.PURPOSE: Signable(plans.complete, _plan)}


def completions() -> dict[str, Completion]:
    """What each signature brings about, as `core.services.bankid.collect` takes it."""
    return {purpose: signable.complete for purpose, signable in SIGNABLE.items()}
