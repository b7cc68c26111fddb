"""A UDP server whose answers take long, with threads: ``python udp_echo_threads.py [PORT]``.

It teaches that several threads may wait in ``recvfrom`` of one socket: each datagram goes to one of
them. An answer takes 50 ms here, as from a slow disk. It leaves out the order of answers.
"""

import socket
import sys
import threading
import time
from contextlib import suppress

PORT = int(sys.argv[1]) if len(sys.argv) > 1 else 7000
THREADS = 8
WORK_S = 0.05


def answer_all(sock):
    """Answer one datagram after the other."""
    while True:
        with suppress(ConnectionError):
            data, address = sock.recvfrom(2048)
            time.sleep(WORK_S)
            sock.sendto(data, address)


with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as shared, suppress(KeyboardInterrupt):
    shared.bind(("127.0.0.1", PORT))
    workers = [
        threading.Thread(target=answer_all, args=[shared], daemon=True) for _ in range(THREADS)
    ]
    for worker in workers:
        worker.start()
    print("listening on port", shared.getsockname()[1], flush=True)
    # The main thread waits for Ctrl-C.
    while True:
        time.sleep(1)
