"""What axe says about a page."""

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]
from playwright.async_api import Error, Page

TRIES = 5


async def complaints(page: Page) -> str:
    """The page as it stands, as axe's report; "" when it finds nothing.

    A page that goes on by itself while axe looks at it (an answer came, a form was sent) is looked at again, as it is
    then.
    """
    for left in reversed(range(TRIES)):
        try:
            found = await Axe().run(page)
        except Error:
            if not left:
                raise
            await page.wait_for_load_state()
        else:
            return str(found.generate_report()) if found.violations_count else ""
    raise AssertionError("not reached")
