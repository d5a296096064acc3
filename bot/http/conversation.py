"""What the chat page needs of the conversation behind it: the values that cross, and the port itself.

The product's is `talk.WebTalk`, over the web channel.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, BinaryIO, Protocol

from bot.channels.webchat import Taken

Content = Mapping[str, Any]
Frame = Mapping[str, Any]

#: What the head of the page may ask for on the person's behalf.
COMMANDS = frozenset({"language", "person"})


@dataclass(frozen=True, slots=True)
class OpenChat:
    """A conversation as the page needs it: its number and the language that it is held in.

    ``desk``: it is the desk of somebody who works for us or for a creditor.
    """

    id: int
    language: str
    desk: bool = False


@dataclass(frozen=True, slots=True)
class PathStep:
    """One stop of a case: has been (`past`), is (`now`), may come (`later`), or rests (`held`)."""

    text: str
    when: str
    state: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The still line: what does not happen before when, the path, and what is to be paid. Made from `next_step`."""

    title: str
    small: str
    steps: tuple[PathStep, ...]
    sum_label: str = ""
    sum_ore: int | None = None
    ref: str = ""


@dataclass(frozen=True, slots=True)
class ChatFile:
    """A file of the conversation, to be kept by the person."""

    name: str
    mime: str
    body: bytes


class ChatFront(Protocol):
    """The conversation behind the page."""

    async def open(self, address: str, link: str | None, language: str) -> OpenChat:
        """The chat at this address; a new one begins with the first screen, in the browser's language.

        A link links the chat to its receiver and shows the first screen; one that does not hold shows `error.link`.
        It is not used up and opens no case: a link preview or a prefetch may fetch it too.
        """

    async def find(self, address: str) -> OpenChat | None:
        """The chat at this address, if there is one."""

    async def history(self, chat_id: int) -> Sequence[Content]:
        """The messages as they stand, from old to new."""

    async def changes(self, chat_id: int, after: int) -> Sequence[Frame]:
        """Everything that changed after a seq, in order."""

    def listen(self, chat_id: int, after: int) -> AbstractAsyncContextManager[AsyncIterator[Frame]]:
        """Changes after a seq, as they come; ends when the process stops."""

    async def text(self, chat_id: int, text: str, client_id: str) -> Taken:
        """The person wrote. The same `client_id` twice is one message."""

    async def press(self, chat_id: int, message_id: int, key: str, client_id: str) -> Taken:
        """The person pressed a button of the last screen, or at a desk of any; another is `STALE`."""

    async def document(self, chat_id: int, name: str, mime: str, body: bytes, client_id: str) -> Taken:
        """The person sent a picture or a document. The same `client_id` twice is one message."""

    async def file_max(self, chat_id: int) -> int:
        """How many octets a file may have that whoever sits there sends."""

    def aside(self) -> BinaryIO:
        """A file on disk for one that is on its way; closed, it is gone."""

    async def long_document(
        self, chat_id: int, name: str, mime: str, file: BinaryIO, size: int, client_id: str
    ) -> Taken:
        """The person sent a file that is too long for memory. The same `client_id` twice is one message."""

    async def too_large(self, chat_id: int, name: str, mime: str, size: int, client_id: str) -> Taken:
        """The person wanted to send a file that is larger than we take: its name and its octets."""

    async def command(self, chat_id: int, name: str, client_id: str) -> Taken:
        """The page asks for a screen on the person's behalf: one of `COMMANDS`, or the first (`start`)."""

    async def standing(self, chat_id: int) -> Standing | None:
        """The still line; None while the person has not shown who they are."""

    async def file(self, chat_id: int, file_id: str) -> ChatFile | None:
        """A file of this chat, or None where it is not there or not for whoever sits there now."""
