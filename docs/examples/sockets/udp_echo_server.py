"""An echo server over UDP: ``python udp_echo_server.py [PORT]``.

It teaches that one socket serves all clients: there is no connection, and each datagram brings the
address to answer. It leaves out the proof of that address: it may be forged, so an answer must
never be longer than the question.
"""

import socket
import sys
from contextlib import suppress

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 7000

with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock, suppress(KeyboardInterrupt):
    sock.bind(("127.0.0.1", PORT))
    print("listening on port", sock.getsockname()[1], flush=True)
    while True:
        # Windows reports here that an earlier client has gone.
        with suppress(ConnectionError):
            # One call is one datagram. What does not fit into these bytes is cut off.
            data, address = sock.recvfrom(2048)
            sock.sendto(data, address)
