"""A client of an echo server over TCP: ``python tcp_echo_client.py [HOST] [PORT] [COUNT]``.

It teaches ``with`` for sockets, and that the reader counts bytes: one ``recv`` is not one message.
It leaves out errors, which timeouts_errors.py shows.
"""

import socket
import sys
import time

DEFAULTS = ["127.0.0.1", "7000", "5"]
HOST, PORT, COUNT = [*sys.argv[1:], *DEFAULTS[len(sys.argv) - 1 :]]

with socket.create_connection((HOST, int(PORT)), timeout=10) as sock:
    # Small messages must not wait for the acknowledgement of the last one (Nagle's algorithm).
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    for number in range(int(COUNT)):
        message = f"message {number}".encode()
        sent_at = time.perf_counter()
        sock.sendall(message)
        answer = b""
        while len(answer) < len(message):
            part = sock.recv(1024)
            if not part:
                sys.exit("the server has closed the connection")
            answer += part
        rtt_ms = (time.perf_counter() - sent_at) * 1000
        print(f"{answer.decode()}: {rtt_ms:.1f} ms")
# Leaving the block closes the socket, also after an error.
print(f"{COUNT} of {COUNT} came back")
