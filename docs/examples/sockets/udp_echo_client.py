"""A client of an echo server over UDP: ``python udp_echo_client.py [HOST] [PORT] [COUNT]``.

It teaches that a datagram may be lost without an error, so that a client needs a timeout, and a
number in each message. It leaves out sending again.
"""

import socket
import sys
import time

DEFAULTS = ["127.0.0.1", "7000", "5"]
HOST, PORT, COUNT = [*sys.argv[1:], *DEFAULTS[len(sys.argv) - 1 :]]
TIMEOUT_S = 0.5

returned = 0
with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
    # Sends nothing: it sets the peer, and lets the system report that nobody listens there.
    sock.connect((HOST, int(PORT)))
    sock.settimeout(TIMEOUT_S)
    for number in range(int(COUNT)):
        message = f"message {number}".encode()
        sent_at = time.perf_counter()
        try:
            sock.send(message)
            # A late answer to an earlier message is not the one that we wait for.
            while sock.recv(1024) != message:
                pass
        except TimeoutError:
            print(f"message {number}: no answer within {TIMEOUT_S:g} s")
            continue
        except ConnectionRefusedError:
            sys.exit(f"nobody listens on port {PORT}")
        returned += 1
        print(f"message {number}: {(time.perf_counter() - sent_at) * 1000:.1f} ms")
print(f"{returned} of {COUNT} came back")
