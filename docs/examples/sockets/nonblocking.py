"""A socket that never waits: ``python nonblocking.py [HOST] [PORT]``.

It teaches ``setblocking(False)``, ``BlockingIOError`` and ``select``. Start an echo server first.
It leaves out many sockets at once, for which there is ``selectors``, and asyncio above that.
"""

import select
import socket
import sys

HOST, PORT = [*sys.argv[1:], *["127.0.0.1", "7000"][len(sys.argv) - 1 :]]
TIMEOUT_S = 5.0

with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
    sock.setblocking(False)
    # Starts to connect and returns an error number at once: "in progress" is none to worry about.
    sock.connect_ex((HOST, int(PORT)))
    # A socket that has connected can be written. On Windows one that has failed is "exceptional".
    _, writable, failed = select.select([], [sock], [sock], TIMEOUT_S)
    error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error or failed or not writable:
        sys.exit(f"cannot connect to {HOST}:{PORT}, error {error}")
    sock.send(b"hello")
    turns = 0
    while True:
        try:
            answer = sock.recv(1024)
            break
        except BlockingIOError:
            # Nothing has arrived. A program has time for other work here, such as a frame of a
            # game. With ``select`` it sleeps until there is something, or 10 ms are over.
            turns += 1
            select.select([sock], [], [], 0.01)
        except OSError as broken:
            sys.exit(f"the connection broke: {broken}")
print(f"answer {answer!r} after {turns} turns without one")
