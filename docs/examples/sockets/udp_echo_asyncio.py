"""An echo server over UDP with asyncio: ``python udp_echo_asyncio.py [PORT]``.

It teaches a ``DatagramProtocol``: the event loop calls it for each datagram. It leaves out what
takes long: while a callback works, no other datagram is read.
"""

import asyncio
import sys
from contextlib import suppress

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 7000


class Echo(asyncio.DatagramProtocol):
    """The callbacks of one socket."""

    def connection_made(self, transport):
        """Keep the transport, which sends."""
        self.transport = transport

    def datagram_received(self, data, addr):
        """Send a datagram back to where it came from."""
        self.transport.sendto(data, addr)


async def main():
    """Serve until Ctrl-C."""
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Echo, ("127.0.0.1", PORT))
    print("listening on port", transport.get_extra_info("sockname")[1], flush=True)
    try:
        await asyncio.Event().wait()
    finally:
        transport.close()


with suppress(KeyboardInterrupt):
    asyncio.run(main())
