"""Sizes of the socket buffers, read and set: ``python buffers.py [HOST] [PORT]``.

It teaches ``SO_SNDBUF`` and ``SO_RCVBUF``, and that the system grants what it likes. Start an echo
server first. It leaves out the growth of buffers that the system does by itself.
"""

import socket
import sys

HOST, PORT = [*sys.argv[1:], *["127.0.0.1", "7000"][len(sys.argv) - 1 :]]


def show(size_bytes):
    """Connect with buffers of a size, and count the bytes that one ``send`` takes."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as sock:
        if size_bytes is not None:
            # Before connecting: the handshake tells the peer how large our buffer can become.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, size_bytes)
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, size_bytes)
        sock.connect((HOST, int(PORT)))
        send = sock.getsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF)
        receive = sock.getsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF)
        sock.setblocking(False)
        # What fits into the send buffer is taken at once, the rest of 8 MiB is not.
        taken = sock.send(bytes(8 << 20))
        asked = "the default" if size_bytes is None else f"{size_bytes}"
        print(f"asked {asked}: send {send}, receive {receive}, one send took {taken} bytes")


try:
    # Linux grants twice what was asked: the other half is for its own records.
    for size in (None, 16 * 1024, 256 * 1024):
        show(size)
except OSError as error:
    sys.exit(f"{HOST}:{PORT}: {error}")
