"""How much of what chance makes up is tried: a part of it on each run, all of it by ``make thorough``."""

import os

THOROUGH = os.environ.get("SCHYSST_THOROUGH") == "1"
_PART = 4


def tries(full: int) -> int:
    """So many of them now."""
    return full if THOROUGH else max(1, full // _PART)
