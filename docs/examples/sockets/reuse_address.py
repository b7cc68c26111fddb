"""``SO_REUSEADDR`` shown to matter: ``python reuse_address.py [LISTEN_PORT] [CONNECT_PORT]``.

It teaches that the end that closes first keeps its port in TIME-WAIT for a minute, and that a
server which restarts needs the option. It leaves out Windows, where the option means something
else: two programs share a port, so servers there must not set it.
"""

import socket
import sys

# Another port to connect to leads through a relay. 0 is any free port, and the same one.
LISTEN_PORT, CONNECT_PORT = map(int, [*sys.argv[1:], *["0", "0"][len(sys.argv) - 1 :]])


def bind(port, reuse):
    """Return a listening socket. Raises ``OSError`` if the port is in use."""
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, reuse)
    try:
        sock.bind(("127.0.0.1", port))
        sock.listen()
    except OSError:
        sock.close()
        raise
    return sock


def serve_one_client(server, connect_port):
    """Accept a client and close before it does, so that this end goes to TIME-WAIT."""
    with socket.create_connection(("127.0.0.1", connect_port)) as client:
        connection, _ = server.accept()
        connection.close()
        client.recv(1)


# Linux wants the option on the old socket and on the new one.
with bind(LISTEN_PORT, reuse=True) as server:
    port = server.getsockname()[1]
    serve_one_client(server, CONNECT_PORT or port)
print(f"the server on port {port} has ended; it starts again")
for reuse in (False, True):
    try:
        bind(port, reuse).close()
        print(f"SO_REUSEADDR {reuse}: the port is free")
    except OSError as error:
        print(f"SO_REUSEADDR {reuse}: {error}")
