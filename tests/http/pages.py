"""What the tests of the pages share: an agency, a front, and an aiohttp client around one application."""

from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from bot.http.pages import Agency, Front, add_static
from bot.http.security import guarded
from tests.fakes import FakeClock

AGENCY = Agency("Schysst AB", "Schysst, klientmedel", "556677-8899", "991-2346", "1231181189", "schysst.example")


def front(clock: FakeClock | None = None, *, demo: bool = False) -> Front:
    return Front(AGENCY, clock or FakeClock(), demo)


def application(around: Front) -> web.Application:
    app = web.Application(middlewares=[guarded(around, https=False)])
    add_static(app)
    return app


def client(app: web.Application) -> TestClient[web.Request, web.Application]:
    return TestClient(TestServer(app), headers={"Accept": "text/html", "Accept-Language": "sv"})
