"""Links from an SMS to a screen on our own page: what is shown, fetched or signed there never goes by SMS."""

from bot.middleware import Visit
from core.services import doors


async def page(visit: Visit, case_id: int | None, place: str) -> str:
    """A personal link to a screen, ``mydata.main``; it opens nothing before its reader has shown who they are.

    Of somebody without a case it is our front page.
    """
    if case_id is None:
        return visit.house.public_url
    case = await visit.house.book.load(case_id)
    return f"{visit.house.public_url}/c/{await doors.new_link(visit.house, case, place)}"
