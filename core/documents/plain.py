"""A document as plain paragraphs, for those who read it in a chat or by ear. The same words as on paper."""

from collections.abc import Iterator

from core.documents.sheet import Beside, Block, Heading, Items, Row, Sheet, Table, Text


def paragraphs(sheet: Sheet) -> tuple[str, ...]:
    """The sheet's title and blocks, one paragraph each; what stood in pictures is in the words beside them."""
    return (sheet.title, *(text for block in sheet.blocks for text in _said(block)))


def _said(block: Block) -> Iterator[str]:
    match block:
        case Heading(text=text) | Text(text=text):
            yield text
        case Items(items=items):
            yield "\n".join(f"– {item}" for item in items)
        case Table(rows=rows, total=total):
            yield "\n".join(_line(row) for row in (*rows, total))
        case Beside(texts=texts, facts=facts):
            yield from texts
            if facts:
                yield "\n".join(f"{label}: {value}" for label, value in facts)


def _line(row: Row) -> str:
    amount = f"−{row.amount}" if row.sign == "−" else row.amount
    return f"{row.name}: {amount}. {row.why}".strip()
