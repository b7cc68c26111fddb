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


def read_slowly(server, counts):
    """Accept two clients in turn, and count the bytes of each until its end."""
    for _ in range(2):
        connection, _ = server.accept()
        with connection:
            time.sleep(PAUSE_S)
            count = 0
            while data := connection.recv(64 * 1024):
                count += len(data)
            counts.append(count)


def run(method_name):
    """Send the message by one of the two methods; return what it returned."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER_BYTES)
        # With a timeout ``send`` waits only until it can take something. Without one Linux waits
        # until it has taken everything, other systems need not.
        client.settimeout(60)
        return getattr(client, method_name)(MESSAGE)


arrived = []
with socket.create_server(("127.0.0.1", LISTEN_PORT)) as server:
    port = CONNECT_PORT or server.getsockname()[1]
    reader = threading.Thread(target=read_slowly, args=[server, arrived], daemon=True)
    reader.start()
    returned = [run("send"), run("sendall")]
    reader.join()
for name, result, count in zip(("send", "sendall"), returned, arrived, strict=True):
    print(f"{name} of {len(MESSAGE)} bytes returned {result}; {count} arrived")
