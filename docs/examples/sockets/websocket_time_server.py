"""A WebSocket server that pushes the time: ``python websocket_time_server.py [PORT]``.

It teaches ``async with``, a task for each client, and that a WebSocket begins as an HTTP request.
So the same port sends the page, websocket_time.html, to a browser. It leaves out TLS and passwords.
"""

import asyncio
import http
import sys
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
PAGE = Path(__file__).with_name("websocket_time.html").read_text(encoding="utf-8")
INTERVAL_S = 0.5


def send_page(connection, request):
    """Answer a request that asks for no WebSocket with the page."""
    if request.headers.get("Upgrade", "").lower() == "websocket":
        return None
    response = connection.respond(http.HTTPStatus.OK, PAGE)
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = "text/html; charset=utf-8"
    return response


async def push_time(websocket):
    """Send the time to one client until it has gone: ``send`` then raises."""
    with suppress(ConnectionClosed):
        while True:
            await websocket.send(datetime.now().isoformat(sep=" ", timespec="milliseconds"))
            await asyncio.sleep(INTERVAL_S)


async def main():
    """Serve until Ctrl-C."""
    async with serve(push_time, "127.0.0.1", PORT, process_request=send_page) as server:
        print("listening on port", server.sockets[0].getsockname()[1], flush=True)
        await server.serve_forever()


with suppress(KeyboardInterrupt):
    asyncio.run(main())
