"""An echo server for one client at a time: ``python tcp_echo_server.py [PORT]``.

It teaches ``bind``, ``listen``, ``accept`` and the backlog: a second client connects, and waits
unheard until the first has left. It leaves out many clients at once.
"""

import socket
import sys
from contextlib import suppress

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
# Clients that the system lets wait until we accept them.
BACKLOG = 5

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as server:
    if sys.platform != "win32":
        # Otherwise the port stays in use for a minute after each run: see reuse_address.py.
        server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", PORT))
    server.listen(BACKLOG)
    print("listening on port", server.getsockname()[1], flush=True)
    with suppress(KeyboardInterrupt):
        while True:
            connection, address = server.accept()
            # A client that breaks off must not end the server.
            with connection, suppress(ConnectionError):
                print("client", address, flush=True)
                while data := connection.recv(4096):
                    connection.sendall(data)
