"""Operations of our own for the migration history."""

from collections.abc import Sequence

from tortoise.migrations.operations import TortoiseOperation
from tortoise.migrations.schema_editor.base import BaseSchemaEditor
from tortoise.migrations.schema_generator.state import State


class DialectSQL(TortoiseOperation):
    """Statements that Tortoise cannot say: triggers, partial indexes. One list a dialect, each item one statement.

    They run one by one inside the migration's transaction: SQLite's ``executescript`` would commit it first, and a
    trigger's body holds semicolons.
    """

    reversible = False

    def __init__(self, *, postgres: Sequence[str], sqlite: Sequence[str]) -> None:
        self.postgres = tuple(postgres)
        self.sqlite = tuple(sqlite)

    def describe(self) -> str:
        return "Dialect SQL"

    async def database_forward(
        self, app_label: str, old_state: State, new_state: State, state_editor: BaseSchemaEditor | None = None
    ) -> None:
        if state_editor is None:
            return
        for statement in self.sqlite if state_editor.DIALECT == "sqlite" else self.postgres:
            if state_editor.collect_sql:
                state_editor.collected_sql.append(statement)
            else:
                await state_editor.client.execute_query(statement)
