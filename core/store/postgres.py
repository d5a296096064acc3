"""Plain PostgreSQL connections beside Tortoise's, for what it has no words for: LISTEN, and locks that are held."""

from typing import Any, Final

from tortoise.backends.base.config_generator import expand_db_url

_OURS: Final = ("host", "user", "password", "database", "ssl")


def connect_arguments(url: str) -> dict[str, Any]:
    """A ``DATABASE_URL`` as asyncpg's ``connect`` and ``create_pool`` take it. Tortoise's URL is not libpq's: the
    directory of a unix socket stands in the query."""
    given = expand_db_url(url)["credentials"]
    return {"port": int(given.get("port") or 5432), **{name: given[name] for name in _OURS if given.get(name)}}
