"""An echo server with a thread for each client: ``python tcp_echo_threads.py [PORT]``.

It teaches that a thread may block in ``recv`` while others work. It leaves out a limit on clients
and an end of its threads: they are daemons, which end with the program.
"""

import socket
import sys
import threading
from contextlib import suppress

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 7000


def echo(connection):
    """Send back what one client sends, until it ends."""
    with connection, suppress(ConnectionError):
        while data := connection.recv(4096):
            connection.sendall(data)


# ``create_server`` sets ``SO_REUSEADDR`` where that is right, binds and listens.
with socket.create_server(("127.0.0.1", PORT)) as server, suppress(KeyboardInterrupt):
    print("listening on port", server.getsockname()[1], flush=True)
    while True:
        client, address = server.accept()
        threading.Thread(target=echo, args=[client], daemon=True).start()
        print("client", address, "threads", threading.active_count(), flush=True)
