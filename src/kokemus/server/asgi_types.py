"""The types of ASGI, as far as we use it."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Protocol

# ASGI's messages are dictionaries of mixed values by its specification.
Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class Door(Protocol):
    """A part of the application that answers without Django."""

    def handles(self, scope: Scope) -> bool: ...
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...
