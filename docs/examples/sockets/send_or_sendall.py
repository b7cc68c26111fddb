"""``send`` and ``sendall`` shown to differ: ``python send_or_sendall.py [LISTEN] [CONNECT]``.

It teaches that ``send`` may take a part of the bytes and returns how many, and that ``sendall``
continues until all are taken. Both arguments are ports. It leaves out what to do when ``sendall``
fails: nobody knows then how much has arrived.
"""

import socket
import sys
import threading
import time

# Another port to connect to leads through a relay. 0 is any free port, and the same one.
LISTEN_PORT, CONNECT_PORT = map(int, [*sys.argv[1:], *["0", "0"][len(sys.argv) - 1 :]])
MESSAGE = bytes(1 << 20)
# Small, so that a message of 1 MiB does not fit into it.
SEND_BUFFER_BYTES = 64 * 1024
# The reader starts this much later, so that the buffers are full by then.
PAUSE_S = 0.3


def read_slowly(server, arrived):
    """Accept one client, and note how many bytes it sent until its end."""
    connection, _ = server.accept()
    with connection:
        time.sleep(PAUSE_S)
        count = 0
        while data := connection.recv(64 * 1024):
            count += len(data)
    arrived.append(count)


def run(server, port, method_name):
    """Send the message by one of the two methods, and print what it returned and what arrived."""
    arrived = []
    reader = threading.Thread(target=read_slowly, args=[server, arrived], daemon=True)
    reader.start()
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        # With a timeout ``send`` waits only until it can take something. Without one Linux waits
        # until it has taken everything, other systems need not.
        client.settimeout(60)
        returned = getattr(client, method_name)(MESSAGE)
    # Before the next client connects: nothing orders two connections on a network.
    reader.join()
    print(f"{method_name} of {len(MESSAGE)} bytes returned {returned}; {arrived[0]} arrived")


with socket.create_server(("127.0.0.1", LISTEN_PORT)) as server:
    port = CONNECT_PORT or server.getsockname()[1]
    run(server, port, "send")
    run(server, port, "sendall")
