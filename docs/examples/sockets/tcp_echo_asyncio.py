"""An echo server in one thread with asyncio: ``python tcp_echo_asyncio.py [PORT]``.

It teaches that a task waits at ``await`` without a thread of its own. It leaves out a limit on
clients and on how long a silent one may stay.
"""

import asyncio
import sys
from contextlib import suppress

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 7000


async def echo(reader, writer):
    """Send back what one client sends, until it ends."""
    # Ctrl-C cancels the task: then there is nothing left to do but to close.
    with suppress(ConnectionError, asyncio.CancelledError):
        while data := await reader.read(4096):
            writer.write(data)
            # Waits while the client does not read; without it our memory would fill.
            await writer.drain()
    writer.close()


async def main():
    """Serve until Ctrl-C."""
    server = await asyncio.start_server(echo, "127.0.0.1", PORT)
    async with server:
        print("listening on port", server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


with suppress(KeyboardInterrupt):
    asyncio.run(main())
