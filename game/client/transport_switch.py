"""Switch of a client to a new connection while it plays.

One connection is opened at a time. What is requested meanwhile is done next, so no request is lost.
"""

import asyncio
from collections.abc import Awaitable, Callable

from net.errors import ConnectError, SessionRefused


class TransportSwitch:
    """The requested transport of one client, and the task that moves the client to it.

    ``open_connection`` opens and adopts a connection over a transport; it raises ``ConnectError``
    or ``SessionRefused``, which ``on_failure`` receives. ``present`` returns the transport in use.
    Belongs to the network thread.
    """

    def __init__(
        self,
        open_connection: Callable[[str], Awaitable[object]],
        present: Callable[[], str],
        on_failure: Callable[[str, Exception], None],
    ) -> None:
        self._open_connection = open_connection
        self._present = present
        self._on_failure = on_failure
        self._target: str | None = None
        self._has_new_request = False
        self._task: asyncio.Task[None] | None = None

    @property
    def target(self) -> str | None:
        """The transport requested last; None while no switch is under way."""
        return self._target

    def move_to(self, transport: str) -> None:
        """Move to a transport, after the switch that is under way; the last request counts."""
        if self._target is not None or transport != self._present():
            self._start(transport)

    def reopen(self) -> None:
        """Open a new connection, whose hello carries the present join request."""
        self._has_new_request = True
        self._start(self._target or self._present())

    async def wait(self) -> None:
        """Wait until no switch is under way."""
        if self._task is not None:
            await asyncio.wait([self._task])

    def cancel(self) -> None:
        """Cancel the switch that is under way."""
        if self._task is not None:
            self._task.cancel()

    def _start(self, transport: str) -> None:
        self._target = transport
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def _run(self) -> None:
        while (transport := self._target) is not None:
            self._has_new_request = False
            try:
                await self._open_connection(transport)
            except (ConnectError, SessionRefused) as error:
                self._on_failure(transport, error)
                if self._target == transport:
                    self._target = self._present()
            if self._target == self._present() and not self._has_new_request:
                self._target = None
