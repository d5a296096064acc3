"""Who holds a lease: a process by its machine, its number, and a mark that tells it from a later one of that number."""

import logging
import os
import secrets
import socket

from core.store import leases

log = logging.getLogger(__name__)

_HOST_MAX = 48


def name_of_this_process() -> str:
    """As leases know it, ``machine:number:mark``. Taken once, at the start."""
    return f"{_machine()}:{os.getpid()}:{secrets.token_hex(4)}"


async def end_those_of_the_dead(this: str) -> int:
    """After a kill -9 the next process of the machine goes on at once; how many owners were dead.

    A lease of another machine is waited out: nobody here knows whether that machine lives.
    """
    dead = [owner for owner in await leases.owners() if _is_dead(owner, this)]
    for owner in dead:
        await leases.end(owner)
    if dead:
        log.info("leases of %d dead processes ended", len(dead))
    return len(dead)


def _is_dead(owner: str, this: str) -> bool:
    if owner.startswith(this):
        return False
    machine, _, rest = owner.partition(":")
    number = rest.partition(":")[0]
    if machine != _machine() or not number.isdigit():
        return False
    return int(number) == os.getpid() or not _runs(int(number))


def _runs(number: int) -> bool:
    try:
        os.kill(number, 0)  # signal 0 asks whether there is such a process and does nothing to it
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _machine() -> str:
    return socket.gethostname().replace(":", "_")[:_HOST_MAX]
