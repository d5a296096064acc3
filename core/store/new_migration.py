"""Writing the next migration from the models: ``python -m core.store.new_migration NAME``.

Tortoise's own ``makemigrations`` would also record every reworded docstring, put docstrings into SQL (where a semicolon
breaks SQLite), and drop a new table's CHECKs. Here a new table's CHECKs are added right after it and before its
indexes, because adding one rebuilds the table on SQLite, which only a bare and empty table bears.
"""

import asyncio
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tortoise.context import TortoiseContext
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.operations import AddConstraint, AddIndex, AlterModelOptions, CreateModel, Operation
from tortoise.migrations.writer import MigrationWriter, format_migration_name

from core.store.database import APP, configuration


async def missing() -> MigrationWriter | None:
    """The migration that the history lacks; None when it is as the models are."""
    settings = configuration("sqlite://unused.db")
    with TortoiseContext() as context:
        await context.init(config=settings, init_connections=False)
        assert context.apps is not None
        found = await MigrationAutodetector(context.apps, settings["apps"]).changes()
    for writer in found:
        writer.operations = list(_tidied(writer.operations))
    return next((writer for writer in found if writer.operations), None)


def _tidied(operations: Iterable[Operation]) -> Iterator[Operation]:
    for operation in operations:
        if isinstance(operation, AlterModelOptions):
            continue
        yield operation
        if isinstance(operation, CreateModel) and operation.options is not None:
            operation.options.pop("table_description", None)
            if checks := operation.options.pop("constraints", []):
                yield from (AddConstraint(operation.name, check) for check in checks)
                yield from (AddIndex(operation.name, index) for index in operation.options.pop("indexes", []))


def main() -> int:
    name = sys.argv[1] if len(sys.argv) == 2 else None
    if name is None:
        print(f"usage: python -m {__spec__.name} NAME", file=sys.stderr)
        return 2
    writer = asyncio.run(missing())
    if writer is None:
        print(f"{APP}: the history is as the models are")
        return 0
    writer.name = format_migration_name(int(writer.name.split("_")[0]), name)
    path = Path(writer.write())
    # Tortoise declares these lists as an instance's; then `make format` does the rest.
    path.write_text(path.read_text().replace("operations = [\n", "operations = [  # noqa: RUF012\n"))
    print(path)
    return 0


if __name__ == "__main__":
    sys.exit(main())
